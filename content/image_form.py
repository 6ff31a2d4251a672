"""The form behind every upload of a picture: desk, chooser and content API use it alike."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from content.pictures import normal_picture
from studyhub.core.errors import Invalid


class PictureField(WagtailImageField):
    """Wagtail's field decodes a file before it asks how large it is, and breaks over broken ones:
    it only gets what has been looked at."""

    def to_python(self, data: Any) -> Any:
        """The picture as it is kept, or why it cannot be."""
        if not data:
            return super().to_python(data)
        if data.size > self.max_upload_size:
            self.check_image_file_size(data)
        try:
            normal = normal_picture(data.read())
        except Invalid as problem:
            raise ValidationError(problem.detail, code=problem.code) from problem
        return super().to_python(ContentFile(normal, name=data.name))


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if before := self.fields.get("file"):
            fields = {"label": before.label, "widget": before.widget, "required": before.required}
            self.fields["file"] = PictureField(**fields)
