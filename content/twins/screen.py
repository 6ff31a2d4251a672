"""What a translator sees of a lesson: each block in Chinese, and its twin with where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from content.models import BlockTwin
from content.text_diff import differing
from content.text_marks import Piece, marked
from content.twins.saving import NOBODY_YET, why_not
from content.twins.sources import source_page, translatable, words_of
from content.units import Unit


@dataclass(frozen=True)
class Row:
    """``chinese`` is ``{title, text}``; ``was`` and ``now`` are the sentences of it that changed
    since the twin was made, in pieces. ``typed`` is what could not be saved, ``problem`` why."""

    unit: Unit
    chinese: Mapping[str, str]
    newest: BlockTwin | None
    shown: BlockTwin | None
    why_not: str = ""
    was: list[Piece] = field(default_factory=list)
    now: list[Piece] = field(default_factory=list)
    typed: Mapping[str, str] | None = None
    problem: str = ""

    @property
    def token(self) -> str:
        return self.newest.token if self.newest else NOBODY_YET

    @property
    def fields(self) -> Mapping[str, str]:
        """What stands in the form."""
        if self.typed is not None:
            return self.typed
        return self.newest.fields if self.newest else {}

    @property
    def is_draft(self) -> bool:
        return self.newest is not None and self.newest.state == BlockTwin.State.DRAFT

    @property
    def is_stale(self) -> bool:
        return self.newest is not None and self.newest.source_hash != self.unit.hash

    @property
    def state(self) -> str:
        """In words, for whoever looks over the lesson."""
        if self.newest is None:
            return "还没有译文"
        if self.is_stale:
            return "待更新：中文已改"
        if self.is_draft:
            held = len(self.newest.holding())
            return f"草稿：要 {self.newest.levels} 人签，签了 {held} 人"
        return "已签，读者看得到"

    @property
    def may_be_signed(self) -> bool:
        return self.is_draft and not self.is_stale and not self.why_not


@dataclass(frozen=True)
class Refused:
    """What somebody typed or pressed, and why it was not done."""

    block_id: str
    problem: str
    typed: Mapping[str, str] | None = None


def rows_of(page: Any, person: Any, refused: Refused | None = None) -> list[Row]:
    """In reading order; in a handful of queries, however many blocks there are."""
    source = source_page(page)
    twins = BlockTwin.objects.of(page.translation_key).at_work()
    found: dict[str, dict[str, BlockTwin]] = {}
    for twin in twins.prefetch_related("signatures", "writers"):
        found.setdefault(twin.block_id, {})[twin.state] = twin
    units = translatable(source)
    return [_row(source, unit, found.get(unit.id, {}), person, refused) for unit in units]


def _row(
    source: Any, unit: Unit, twins: Mapping[str, BlockTwin], person: Any, refused: Refused | None
) -> Row:
    shown = twins.get(BlockTwin.State.SIGNED)
    newest = twins.get(BlockTwin.State.DRAFT, shown)
    chinese = words_of(source, unit)
    own = refused if refused and refused.block_id == unit.id else None
    return Row(
        unit,
        chinese,
        newest,
        shown if shown and shown.is_signed() else None,
        why_not(newest, person) if newest else "",
        *_changed(newest, unit, chinese),
        own.typed if own else None,
        own.problem if own else "",
    )


def _changed(
    twin: BlockTwin | None, unit: Unit, chinese: Mapping[str, str]
) -> tuple[list[Piece], list[Piece]]:
    """Empty, too, where only a picture or a mark was changed."""
    if twin is None or twin.source_hash == unit.hash:
        return [], []
    was, now = differing(_whole(twin.source), _whole(chinese))
    return marked(was, now)


def _whole(words: Mapping[str, str]) -> str:
    return "\n".join(filter(None, (words.get("title", ""), words.get("text", ""))))
