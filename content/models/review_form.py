"""The form of a page that is read by others before it is published."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminPageForm

TO_REVIEW = ("action-submit", "action-restart-workflow")  # the buttons of Wagtail's form


class ReviewedPageForm(WagtailAdminPageForm):
    """A form sent without the tag leaves it as it was.

    ``guards`` say in words what keeps a lesson from review. Saving asks none of them.
    """

    guards: list[Callable[["ReviewedPageForm"], Iterable[str]]] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "change_kind" in self.fields:
            self.fields["change_kind"].required = False

    def clean(self) -> Any:
        cleaned = super().clean()
        if any(self.data.get(button) for button in TO_REVIEW):
            for problem in [problem for guard in self.guards for problem in guard(self)]:
                self.add_error(None, problem)
        return cleaned

    def add_error(self, field: str | None, error: Any) -> None:
        """The content API sends some of the fields; a mistake in another is told all the same."""
        if field is None and not self.fields.keys() >= getattr(error, "error_dict", {}).keys():
            error = ValidationError(error.messages)
        super().add_error(field, error)
