"""What Wagtail shows where it compares two drafts: words, not codes."""

from typing import Any

from django.utils.html import escape
from wagtail import blocks
from wagtail.admin.compare import CharBlockComparison


def name_choices() -> None:
    """Call once, from ``AppConfig.ready()``; pages say themselves in elements and ask neither."""
    blocks.ChoiceBlock.render_basic = _word_of
    blocks.BooleanBlock.render_basic = _yes_or_no
    CharBlockComparison.htmlvalue = _text_of


def _word_of(block: Any, value: Any, context: Any = None) -> str:
    return str(dict(block.field.choices).get(value, "")) if value else ""


def _text_of(comparison: Any, value: Any) -> str:
    """Blocks from before a field was there have none."""
    return str(escape("" if value is None else value))


def _yes_or_no(block: Any, value: Any, context: Any = None) -> str:
    return "是" if value else "否"
