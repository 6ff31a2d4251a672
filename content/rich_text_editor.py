"""The editor of rich text at the desk: Wagtail's, safe where several people work at once."""

from collections.abc import Mapping
from typing import Any

from django.forms import Media
from django.forms.widgets import Script
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from studyhub.core.errors import Invalid


class RichTextEditor(DraftailRichTextArea):
    """Reads each text with a reader of its own.

    A block keeps one widget for the whole process, and Wagtail's widget keeps one parser: two
    pages opened at the same moment, in two threads, got each other's words, and saved them.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.converter = _OneReaderPerText(self.features)
        self.options["ariaLabel"] = "文字"  # for those who hear the form; Wagtail gives it none

    @property
    def media(self) -> Media:
        return super().media + Media(js=[Script("web/rich_text.js", type="module")])

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """A form that was cut off on its way is refused whole."""
        try:
            return super().value_from_datadict(data, files, name)
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            detail = "正文没有传完整，这次没有保存。请返回上一页，再保存一次。"
            raise Invalid("broken_text", detail) from error


class _OneReaderPerText(ContentstateConverter):
    def from_database_format(self, html: str) -> str:
        """Text whose marks do not close, as other programs write it, opens with all its words."""
        try:
            return self._read(html)
        except (AssertionError, LookupError, AttributeError):
            return self._read(_well_formed(html))

    def _read(self, html: str) -> str:
        text: str = ContentstateConverter(self.features).from_database_format(html)
        return text


def _well_formed(html: str) -> str:
    """The marks of our editor and every word; all else loses its marks."""
    import nh3  # only where a text is broken

    kept = nh3.clean(
        html,
        tags={"p", "b", "strong", "ul", "ol", "li", "a", "br"},
        attributes={"a": {"href", "linktype", "id"}},
        link_rel=None,
    )
    return kept.replace("<br>", "<br/>")
