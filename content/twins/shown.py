"""What readers see of twins: those that carry their signatures, beside blocks that are there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from content.elements import Element
from content.media import Recording
from content.models import BlockTwin
from content.models.twins import MONGOLIAN
from content.twins.pictures import PictureFile, files_of, said
from content.twins.sounds import playable
from content.twins.sources import required_blocks, translatable

CHINESE = "zh-hans"


@dataclass(frozen=True)
class Twin:
    """``is_stale``: the Chinese beside it was changed since it was made. ``sound``: read aloud.
    ``pictures``: the same words drawn, where they are."""

    heading: str
    paragraphs: tuple[str, ...]
    is_stale: bool = False
    language: str = MONGOLIAN
    sound: Recording | None = None
    pictures: tuple[PictureFile, ...] = ()


Twins = Mapping[str, Twin]  # by the id of the block; ``head`` for title and summary


def shown_twins(page: Any) -> Twins:
    """Of a lesson as it stands in memory; one query where it has none."""
    signed = _signed(page.translation_key)
    if not signed:
        return {}
    now = {unit.id: unit.hash for unit in translatable(page)}
    heard = playable(signed.values())
    return {
        block: _twin(row, heard.get(block), is_stale=row.source_hash != now[block])
        for block, row in signed.items()
        if block in now
    }


def _signed(lesson_key: UUID) -> dict[str, BlockTwin]:
    """Rows in that state whose signatures are of these very words."""
    rows = BlockTwin.objects.of(lesson_key).filter(state=BlockTwin.State.SIGNED)
    rows = rows.filter(language=MONGOLIAN).select_related("picture")
    rows = rows.prefetch_related("signatures")
    return {row.block_id: row for row in rows if row.is_signed()}


def _twin(row: BlockTwin, sound: Recording | None, *, is_stale: bool) -> Twin:
    heading, text = said(row)
    return Twin(heading, text, is_stale, row.language, sound, files_of(row))


def languages_of(page: Any, twins: Twins) -> list[str]:
    """In which a lesson can be learnt: another one where all that is required is there in it."""
    whole = bool(twins) and required_blocks(page) <= twins.keys()
    return [CHINESE, MONGOLIAN] if whole else [CHINESE]


Group = tuple[bool, tuple[Element, ...], tuple[Twin, ...]]


def beside(groups: Iterable[tuple[bool, tuple[Element, ...]]], twins: Twins) -> list[Group]:
    """Groups of elements, each with the twins of the blocks that end in it, in order."""
    groups = list(groups)
    last = {e.block: n for n, (_, elements) in enumerate(groups) for e in elements}
    return [
        (is_text, elements, tuple(_ending(elements, n, last, twins)))
        for n, (is_text, elements) in enumerate(groups)
    ]


def _ending(
    elements: tuple[Element, ...], number: int, last: Mapping[str, int], twins: Twins
) -> Iterable[Twin]:
    blocks = dict.fromkeys(e.block for e in elements)
    return (twins[b] for b in blocks if last[b] == number and b in twins)
