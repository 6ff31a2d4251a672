"""The form behind every recording and film of the desk."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtailmedia.forms import BaseMediaForm

from content.recordings import RECORDING_STAYS


class RecordingForm(BaseMediaForm):
    """Another file is refused before wagtailmedia deletes the one that is there."""

    def clean_file(self) -> Any:
        if self.instance.pk and "file" in self.changed_data:
            raise ValidationError(RECORDING_STAYS, code="recording_stays")
        return self.cleaned_data["file"]
