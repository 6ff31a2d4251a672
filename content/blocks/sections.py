"""The choice of a section (小节) of the same body: its stored value is the section's block id."""

from typing import Any
from uuid import UUID

from django import forms
from django.forms import Script
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from wagtail import blocks

from studyhub.core.characters import clean


class SectionChoice(forms.HiddenInput):
    """A hidden id and an empty list, which the browser fills from the sections in the form: also
    those that were never saved. Ids are unique within one lesson only."""

    template_name = "content/section_choice.html"
    input_type = "hidden"
    is_hidden = False

    @property
    def media(self) -> forms.Media:
        script: Any = Script("web/section_choice.js", type="module")
        return forms.Media(css={"all": ["web/desk.css"]}, js=[script])

    def _render(self, template_name: str, context: Any, renderer: Any = None) -> Any:
        return render_to_string(template_name, context)  # among the site's templates


class SectionChoiceBlock(blocks.FieldBlock):
    """Which section of the body; that it is one, the body checks, which knows its sections."""

    def __init__(self, required: bool = True, help_text: str | None = None, **kwargs: Any) -> None:
        self.field_options: dict[str, Any] = {
            "required": required,
            "help_text": help_text,
            "max_length": 40,
        }
        super().__init__(**kwargs)

    @cached_property
    def field(self) -> forms.Field:
        return forms.CharField(widget=SectionChoice(), **self.field_options)

    def get_default(self) -> str:
        return ""

    def render_basic(self, value: Any, context: Any = None) -> str:
        """Where two drafts are compared there is no body to name it from."""
        return "所选的小节" if is_id(value) else str(value or "")

    class Meta:
        icon = "list-ul"


def is_id(value: Any) -> bool:
    """Whether it is a section's id and no heading, as once was typed."""
    try:
        return str(UUID(value)) == value
    except (ValueError, TypeError, AttributeError):
        return False


def heading_of(value: Any) -> str:
    return clean(str(value or "")).strip()
