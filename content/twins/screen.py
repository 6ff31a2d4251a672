"""What a translator sees of a lesson: each block in Chinese, and its twin with where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from content.models import BlockTwin
from content.text_diff import differing
from content.text_marks import Piece, marked
from content.twins import lists
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
    left: list[str] = field(default_factory=list)  # who may still sign the draft, by name
    is_last_writer: bool = False

    @property
    def who_may_sign(self) -> str:
        """Of a draft, and the way out where they are too few."""
        if not self.is_draft or self.newest is None:
            return ""
        missing = self.newest.levels - len(self.newest.holding())
        names = "、".join(self.left)
        if not lists.is_stuck(self.newest, self.left):
            return f"还要 {missing} 人签，能签的有：{names}。"
        able = f"能签的只有：{names}" if names else "没有人能签，译校的同事都写过或者签过"
        return (
            f"这一段卡住了：还要 {missing} 人签，{able}。请管理员在“工作人员账号”里再给一位懂蒙文的"
            f"同事加上“蒙文译校”；或者由最后写的{self.newest.name}按“撤回我写的”，回到前面的样子，"
            f"{self.newest.name}就能来签。"
        )

    @property
    def may_take_back(self) -> bool:
        return self.is_draft and self.is_last_writer

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
    for twin in twins.select_related("sound").prefetch_related("signatures", "writers"):
        found.setdefault(twin.block_id, {})[twin.state] = twin
    people = lists.translators()
    return [
        _row(source, unit, found.get(unit.id, {}), person, refused, people)
        for unit in translatable(source)
    ]


def _row(
    source: Any,
    unit: Unit,
    twins: Mapping[str, BlockTwin],
    person: Any,
    refused: Refused | None,
    people: Mapping[int, str],
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
        lists.may_still_sign(newest, people) if newest else [],
        newest is not None and newest.translator_id == person.pk,
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
