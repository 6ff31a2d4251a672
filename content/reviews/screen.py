"""What a reviewer sees of a lesson: what is open on a level, beside what was signed before."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from content.models import SignOff
from content.models.reviewed import draft_of
from content.models.reviews import authors_of, due_at, levels_asked
from content.review_rules import Signed, why_not
from content.text_diff import differing
from content.text_marks import Piece, marked
from content.units import CHANGE, Unit, hashes_of, units_of
from studyhub.core.review_levels import LEVELS


@dataclass(frozen=True)
class OpenUnit:
    """``before`` and ``after`` are the sentences that differ, in pieces; empty where nothing of the
    unit was ever signed."""

    unit: Unit
    before: list[Piece] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)
    old_images: tuple[int, ...] = ()

    @property
    def is_new(self) -> bool:
        return not (self.before or self.after or self.old_images)


class Screen:
    """A draft, its units, and the signatures that hold."""

    def __init__(self, page: Any, level: int) -> None:
        self.draft = draft_of(page)
        self.level = level
        self.units = units_of(self.draft)
        self.history = list(SignOff.objects.filter(lesson_key=page.translation_key))
        self.signed = Signed(self.units, [one.as_signature() for one in self.history])

    @cached_property
    def opened(self) -> list[OpenUnit]:
        to_sign = self.signed.signable_at(self.level) if self.level else []
        earlier = self._earlier()
        return [_opened(unit, earlier.get(unit.id)) for unit in to_sign]

    def closed(self) -> list[Unit]:
        open_now = {one.unit.id for one in self.opened}
        return [unit for unit in self.units if unit.id not in open_now]

    def why_not(self, person: Any) -> str:
        """What keeps a reviewer of this level from signing, as a sentence."""
        authors = authors_of(self.draft, self.units)
        reason = why_not(self.signed, self.level, person.pk, authors)
        return reason or due_at(self.draft, self.level)

    def steps(self) -> list[tuple[str, int, int]]:
        """Each level's name, how much is signed on it, of how much."""
        count = len(self.units)
        return [
            (name, count - len(self.signed.open_at(number)), count)
            for number, name in enumerate(LEVELS[: levels_asked(self.draft)], start=1)
        ]

    def _earlier(self) -> Mapping[str, SignOff]:
        """The last wording of each unit that anybody signed, other than today's; what was told of
        an earlier change is no wording of this one."""
        now = hashes_of(self.units)
        earlier = {one.unit: one for one in self.history if one.unit_hash != now.get(one.unit)}
        return {unit: one for unit, one in earlier.items() if unit != CHANGE}


def _opened(unit: Unit, before: SignOff | None) -> OpenUnit:
    if before is None:
        return OpenUnit(unit)
    was, now = differing(before.told.get("text", ""), unit.text)
    images = tuple(before.told.get("images", ()))
    old_images = images if images != unit.images else ()
    return OpenUnit(unit, *marked(was, now), old_images)


@dataclass(frozen=True)
class Act:
    """Signatures that were given with one press."""

    name: str
    office: str
    kind: str
    opinion: str
    at: Any
    count: int = 0


def acts(history: Iterable[SignOff]) -> list[Act]:
    """Who signed, with what opinion, how many units; the newest first."""
    pressed = (
        (one.name, one.office, one.get_kind_display(), one.opinion, one.signed_at)
        for one in history
    )
    found = Counter(Act(*press) for press in pressed)
    named = [replace(act, count=count) for act, count in found.items()]
    return sorted(named, key=lambda act: act.at, reverse=True)
