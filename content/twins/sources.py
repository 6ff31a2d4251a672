"""The Chinese side: which units of a lesson may have a twin, and which must."""

from typing import Any

from content.document import document_of
from content.units import HEAD, Unit, units_of

# Answers are marked by the phone in Chinese, sources are cited as they are, gaps are for editors.
LEFT_IN_CHINESE = {"self_check", "sources", "gap"}


def source_page(page: Any) -> Any:
    """What readers read; where nothing is public yet, the newest draft."""
    return page if page.live else page.get_latest_revision_as_object()


def translatable(page: Any) -> list[Unit]:
    """Head first, then blocks in reading order."""
    blocks = {str(child.id) for child in page.body if child.block_type not in LEFT_IN_CHINESE}
    return [unit for unit in units_of(page) if unit.id in blocks | {HEAD}]


def words_of(page: Any, unit: Unit) -> dict[str, str]:
    """``{title, text}`` of a unit as a translator reads it."""
    if unit.id == HEAD:
        return {"title": page.title, "text": page.summary}
    first, _, rest = unit.text.partition("\n")
    return {"title": unit.title, "text": rest if first == unit.title else unit.text}


def required_blocks(page: Any) -> set[str]:
    """What has to be there before a lesson counts as translated: the head, and whatever stands in
    its required sections."""
    kept = {str(child.id) for child in page.body if child.block_type not in LEFT_IN_CHINESE}
    sections = document_of(page.body).whole_sections
    needed = {e.block for section in sections if section.required for e in section.elements}
    needed |= {str(section.id) for section in sections if section.required}
    return (needed & kept) | {HEAD}
