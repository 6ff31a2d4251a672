"""Which lines are headings: those the file names as such, and those that only look like one.

The second kind is proposed to a person; a command takes the shallowest kind of them where the file
names none.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from content.word_files.items import Item, Line

LONGEST = 40
LONGEST_BOLD = 20
_ENDS = tuple("。；：，,;:.！？")
_HAN = "一二三四五六七八九十百"
# From the shallowest; the second value: whether such a line has to stand out as well.
_KINDS: tuple[tuple[str, str, bool, re.Pattern[str]], ...] = (
    ("chapter", "第一章", False, re.compile(f"第[{_HAN}0-9]+[章编讲课篇部]")),
    ("part", "第一节", False, re.compile(f"第[{_HAN}0-9]+节")),
    ("han", "一、", False, re.compile(f"[{_HAN}]+、")),
    ("han_brackets", "（一）", True, re.compile(f"[（(][{_HAN}]+[）)]")),
    ("digit", "1.", True, re.compile(r"\d+\s*[.、．](?!\d)")),
    ("digits", "1.1", True, re.compile(r"\d+[.．]\d+(?!\d*%)")),
    ("digit_brackets", "（1）", True, re.compile(r"[（(]\d+[）)]")),
    ("bold", "加粗的短行", True, re.compile(r"\S")),
)
_RANKS = {kind: rank for rank, (kind, *_) in enumerate(_KINDS, start=1)}
SHOWN_AS = {kind: shown for kind, shown, *_ in _KINDS}
CERTAIN, ALL = "certain", "all"


@dataclass(frozen=True)
class Candidate:
    """A line by its place among the items."""

    place: int
    text: str
    kind: str


def certain_headings(items: Sequence[Item]) -> dict[int, int]:
    """Level by place; what is too long for a heading stays text."""
    return {
        place: item.level
        for place, item in enumerate(items)
        if isinstance(item, Line) and item.level and len(item.text) <= LONGEST
    }


def proposed_headings(items: Sequence[Item]) -> list[Candidate]:
    """At least two of a kind."""
    found = [
        Candidate(place, item.text, kind)
        for place, item in enumerate(items)
        if isinstance(item, Line) and (kind := _kind_of(item))
    ]
    counts = Counter(one.kind for one in found)
    return [one for one in found if counts[one.kind] > 1]


def _kind_of(line: Line) -> str:
    text = line.text.strip()
    if line.level or line.depth or line.role in ("quote", "caption", "title"):
        return ""
    if not text or len(text) > LONGEST or "\n" in text or text.endswith(_ENDS):
        return ""
    for kind, _, must_stand_out, pattern in _KINDS:
        if pattern.match(text) and (line.stands_out or not must_stand_out):
            return kind if kind != "bold" or len(text) <= LONGEST_BOLD else ""
    return ""


def usual_choice(items: Sequence[Item]) -> set[int]:
    """The proposed ones that are taken where nobody chooses: none beside certain headings, else the
    shallowest kind."""
    if certain_headings(items):
        return set()
    candidates = proposed_headings(items)
    kinds = {one.kind for one in candidates}
    first = min(kinds, key=lambda kind: _RANKS[kind], default="")
    return {one.place for one in candidates if one.kind == first}


def chosen_headings(items: Sequence[Item], accepted: Collection[int]) -> dict[int, int]:
    """Level by place: the certain ones, and of the proposed ones those that were accepted."""
    certain = certain_headings(items)
    below = max(certain.values(), default=0)
    proposed = {one.place: below + _RANKS[one.kind] for one in proposed_headings(items)}
    accepted_ones = {place: level for place, level in proposed.items() if place in accepted}
    return dict(sorted((certain | accepted_ones).items()))


def split_level(levels: Collection[int]) -> int:
    """The shallowest level that occurs twice makes sections; 0 where there is no heading.

    Where none does, it is the level below the single one on top.
    """
    counts = Counter(levels)
    twice = [level for level, count in counts.items() if count > 1]
    if twice:
        return min(twice)
    return sorted(counts)[:2][-1] if counts else 0
