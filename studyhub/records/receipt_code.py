"""How a code that a person read out on the telephone becomes bits again.

Crockford's base32 without the letters that look or sound alike (I L O U), in groups of five: four
characters of data and one of check. The check is a weighted sum over GF(32) with the group's own
number added: one wrong character, two swapped ones or two swapped groups never fit, and the group
that is wrong can be named.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from studyhub.core.errors import Invalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUES = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
GROUP = 5
DATA = GROUP - 1
MAX_TEXT = 4000  # characters; the largest QR of ours holds less


def read_groups(text: str) -> list[int]:
    """The data symbols of a code as it was typed or scanned.

    Raises Invalid: ``bad_group`` that names the first group that is wrong, or ``bad_receipt`` for
    more text than any receipt has.
    """
    if len(text.rpartition("#")[2]) > MAX_TEXT:
        raise Invalid("bad_receipt", "填进来的字太多，不是一张凭条。一次只填一张，请重新填。")
    joined = "".join(split_groups(text))
    if not joined:
        raise Invalid("bad_group", "还没有填凭条上的字。请把凭条上的字照着填进来。")
    wrong = first_wrong(_by_fives(joined))
    if wrong is None:
        return [VALUES[letter] for group in _by_fives(joined) for letter in group[:DATA]]
    shown = shown_groups(text)
    number = first_wrong(shown) or wrong
    word = shown[number - 1] if number <= len(shown) else ""
    counted = f"（填了 {len(word)} 个字，应是 {GROUP} 个）" if len(word) != GROUP else ""
    detail = f"第 {number} 组抄错了{counted}。请对着凭条再看一遍这一组，改好再交。"
    error = {"loc": ["text", number], "code": "bad_group", "message": f"第 {number} 组抄错了。"}
    raise Invalid("bad_group", detail, errors=[error])


def split_groups(text: str) -> list[str]:
    """Words as typed, letters folded: small letters, full-width ones, O for 0, I and L for 1.

    Of an address (what a scanner reads) only what follows its ``#`` counts.
    """
    folded = unicodedata.normalize("NFKC", text.rpartition("#")[2][:MAX_TEXT]).upper()
    spaced = "".join(c if c.isalnum() else " " for c in folded)
    return ["".join(ALPHABET[VALUES[c]] if c in VALUES else c for c in w) for w in spaced.split()]


def shown_groups(text: str) -> list[str]:
    """The groups as a person would check them: as typed where they were spaced, else by fives.

    Spaced, a missing letter is missing in its own group and not in all that follow.
    """
    words = split_groups(text)
    spaced = len(words) > 1 and 2 * sum(len(word) == GROUP for word in words) > len(words)
    return words if spaced else _by_fives("".join(words))


def first_wrong(groups: Sequence[str]) -> int | None:
    """The number of the first group that does not fit its check, counted from 1."""
    for number, group in enumerate(groups, start=1):
        values = [VALUES.get(letter, -1) for letter in group]
        if (
            len(values) != GROUP
            or min(values) < 0
            or group_check(values[:DATA], number) != values[-1]
        ):
            return number
    return None


def _by_fives(letters: str) -> list[str]:
    return [letters[i : i + GROUP] for i in range(0, len(letters), GROUP)]


def group_check(data: Sequence[int], number: int) -> int:
    """The check symbol of the group with this number, counted from 1.

    A different weight for every place and 1 for the check itself, none of them zero.
    """
    total = number % 32
    for place, value in enumerate(data, start=1):
        for _ in range(place):
            value = _double(value)
        total ^= value
    return total


def _double(value: int) -> int:
    """Times x in GF(32), modulo x^5 + x^2 + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


class Unreadable(Exception):
    """The bits end too early, or say what cannot be."""


class BitReader:
    """Numbers one after another, high bit first. Raises Unreadable where there are none."""

    def __init__(self, symbols: Sequence[int]) -> None:
        self._bits: Iterator[int] = iter(
            [value >> place & 1 for value in symbols for place in reversed(range(5))]
        )

    def take(self, size: int) -> int:
        """The next ``size`` bits as a number."""
        value = 0
        for _ in range(size):
            bit = next(self._bits, None)
            if bit is None:
                raise Unreadable
            value = value << 1 | bit
        return value

    def number(self, step: int) -> int:
        """``step`` bits at a time, lowest first, each after a bit that says "and more"."""
        value, shift = 0, 0
        while True:
            more = self.take(1)
            value |= self.take(step) << shift
            shift += step
            if not more:
                return value

    def text(self) -> str:
        """How many bytes of UTF-8, then the bytes."""
        size = self.number(6)
        try:
            return bytes(self.take(8) for _ in range(size)).decode()
        except UnicodeDecodeError:
            raise Unreadable from None

    def end(self) -> None:
        """Nothing but the zeros that fill up the last group may be left."""
        rest = list(self._bits)
        if any(rest) or len(rest) >= 5 * DATA:
            raise Unreadable
