"""Automatic numbers: Word counts them itself, they are nowhere in the text."""

import re
from dataclasses import dataclass

from content.word_files.packages import Node, W, number, value

_DIGITS = "零一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
LEVELS = 9
MOST = 9_999  # a file may begin to count anywhere


@dataclass(frozen=True)
class Counted:
    """The number of one paragraph: as it is drawn, and as it is counted."""

    text: str
    value: int
    form: str

    @property
    def is_bullet(self) -> bool:
        return self.form in ("bullet", "none")

    @property
    def is_plain(self) -> bool:
        """Our own lists show it the same."""
        return self.form in ("decimal", "decimalZero")


class Numbering:
    def __init__(self, root: Node | None) -> None:
        abstract = {} if root is None else {
            value(one, "abstractNumId"): one for one in root.iterfind(f"{W}abstractNum")
        }  # fmt: skip
        self._levels: dict[str, dict[int, Node]] = {}
        self._source: dict[str, str] = {}
        for one in [] if root is None else root.iterfind(f"{W}num"):
            key, source = value(one, "numId"), value(one.find(f"{W}abstractNumId"))
            self._source[key] = source
            self._levels[key] = _levels_of(abstract.get(source), one)
        self._counts: dict[str, dict[int, int]] = {}

    def next(self, key: str, level: int) -> Counted | None:
        """The number of the next paragraph in this list; None where no list is meant."""
        if key not in self._levels or not 0 <= level < LEVELS:
            return None
        counts = self._counts.setdefault(self._source[key], {})
        levels = self._levels[key]
        counts[level] = counts.get(level, _start(levels.get(level)) - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        node = levels.get(level)
        form = value(node.find(f"{W}numFmt")) if node is not None else "bullet"
        pattern = value(node.find(f"{W}lvlText")) if node is not None else ""
        text = re.sub(r"%([1-9])", lambda found: self._part(levels, counts, found[1]), pattern)
        return Counted("" if form in ("bullet", "none") else text, counts[level], form)

    def _part(self, levels: dict[int, Node], counts: dict[int, int], place: str) -> str:
        level = int(place) - 1
        node = levels.get(level)
        form = value(node.find(f"{W}numFmt")) if node is not None else "decimal"
        return in_form(counts.get(level, _start(node)), form)


def _levels_of(abstract: Node | None, own: Node) -> dict[int, Node]:
    found = {} if abstract is None else {
        number(value(one, "ilvl")): one for one in abstract.iterfind(f"{W}lvl")
    }  # fmt: skip
    for one in own.iterfind(f"{W}lvlOverride/{W}lvl"):
        found[number(value(one, "ilvl"))] = one
    return found


def _start(node: Node | None) -> int:
    start = None if node is None else node.find(f"{W}start")
    return min(MOST, max(0, number(value(start), 1)))


def in_form(count: int, form: str) -> str:
    """A count as Word draws it; plain digits for forms that no Chinese document uses."""
    lower = form.lower()
    if "roman" in lower:
        return _roman(count).upper() if lower.startswith("upper") else _roman(count)
    if "letter" in lower:
        letter = chr(ord("a") + (count - 1) % 26) if count > 0 else ""
        return letter.upper() if lower.startswith("upper") else letter
    if "circle" in lower and 1 <= count <= 20:
        return chr(ord("①") + count - 1)
    if "traditional" in lower and "ideograph" in lower:
        return _STEMS[(count - 1) % 10]
    if any(sign in lower for sign in ("chinese", "japanese", "ideographdigital", "taiwanese")):
        return _han(count)
    return f"{count:02d}" if form == "decimalZero" else str(count)


def _han(count: int) -> str:
    if not 0 < count < 100:
        return str(count) if count else "零"
    tens, ones = divmod(count, 10)
    head = "" if not tens else ("" if tens == 1 else _DIGITS[tens]) + "十"
    return head + (_DIGITS[ones] if ones else "")


def _roman(count: int) -> str:
    drawn = ""
    for worth, sign in _ROMAN:
        drawn += sign * (count // worth)
        count %= worth
    return drawn
