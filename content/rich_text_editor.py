"""The editor of rich text at the desk: Wagtail's, safe where several people work at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.forms import Media
from django.forms.widgets import Script
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.editors.draftail.features import PluginFeature
from wagtail.rich_text import features as registry

from studyhub.core.errors import Invalid

PASTE = "paste"


def register_pasting(features: Any) -> None:
    """What is pasted goes through a script of ours first."""
    plugin = PluginFeature({"type": PASTE}, js=["web/rich_text_paste.js"])
    features.register_editor_plugin("draftail", PASTE, plugin)


class RichTextEditor(DraftailRichTextArea):
    """Reads each text with a reader of its own.

    A block keeps one widget for the whole process, and Wagtail's widget keeps one parser: two
    pages opened at the same moment, in two threads, got each other's words, and saved them.
    """

    def __init__(self, *args: Any, features: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Each with our way of pasting, whatever else it has."""
        asked = registry.get_default_features() if features is None else features
        super().__init__(*args, features=[*asked, PASTE], **kwargs)
        self.converter = _OneReaderPerText(self.features)
        self.options["ariaLabel"] = "文字"  # for those who hear the form; Wagtail gives it none

    @property
    def media(self) -> Media:
        script: Any = Script("web/rich_text.js", type="module")
        return super().media + Media(js=[script])

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
