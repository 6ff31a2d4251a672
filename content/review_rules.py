"""三审三校 in plain values: what is still to be signed, and who may sign it (decision 0044).

A signature is of one unit in one wording at one level. Nobody signs on two levels of one piece, nor
what they wrote themselves, whoever they are.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from content.units import Unit
from studyhub.core.review_levels import LEVELS


@dataclass(frozen=True)
class Signature:
    """``level`` counts from 1; 0 stands for all levels, and is ``owed`` where the reviews are still
    to come (an urgent correction)."""

    unit: str
    hash: str
    level: int
    person: int | None
    owed: bool = False


class Signed:
    """The signatures that hold for these units as they are worded now."""

    def __init__(self, units: Sequence[Unit], signatures: Iterable[Signature]) -> None:
        self.units = units
        now = {(unit.id, unit.hash) for unit in units}
        self.holding = [one for one in signatures if (one.unit, one.hash) in now]
        self._levels: dict[str, set[int]] = {unit.id: set() for unit in units}
        self._owed: set[str] = {one.unit for one in self.holding if one.owed}
        for one in self.holding:
            if not one.owed:
                self._levels[one.unit].add(one.level)

    def open_at(self, level: int) -> list[Unit]:
        """What nobody has reviewed at this level, in reading order."""
        return [unit for unit in self.units if not {0, level} & self._levels[unit.id]]

    def signable_at(self, level: int) -> list[Unit]:
        """What is open there and carries every level below: nobody signs before those below."""
        below = set(range(1, level))
        return [unit for unit in self.open_at(level) if below <= self._levels[unit.id]]

    def unsigned(self, levels: int) -> list[Unit]:
        """What lacks any of so many levels; nothing where the piece may be published."""
        wanted = set(range(1, levels + 1))
        return [unit for unit in self.units if not self._carries(unit, wanted)]

    def _carries(self, unit: Unit, wanted: set[int]) -> bool:
        held = self._levels[unit.id]
        return unit.id in self._owed or 0 in held or wanted <= held

    def levels_of(self, person: int) -> set[int]:
        return {one.level for one in self.holding if one.person == person} - {0}


def why_not(
    signed: Signed, level: int, person: int, authors: Collection[tuple[str, int | None]]
) -> str:
    """What keeps this person from signing at this level, as a sentence; empty where nothing does.

    ``authors`` are pairs of a unit's id and who wrote it as it is worded now.
    """
    if others := signed.levels_of(person) - {level}:
        named = "、".join(LEVELS[one - 1] for one in sorted(others))
        return f"这一篇您已经做过{named}，一个人不能审两级。请换一位同事来做{LEVELS[level - 1]}。"
    open_now = {unit.id for unit in signed.signable_at(level)}
    own = [unit for unit, writer in authors if writer == person and unit in open_now]
    if own:
        titles = [unit.title for unit in signed.units if unit.id in own]
        return f"其中有您自己写的（{'、'.join(titles[:3])}），自己写的不能自己审。请换一位同事。"
    return ""
