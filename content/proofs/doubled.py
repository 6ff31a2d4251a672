"""Words and characters that stand twice by mistake.

Chinese doubles on purpose (淡淡, 整整, 高高兴兴): what is told is what a dictionary cuts into fewer
words once one of the two is taken away.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from content.proofs.values import HAN, Hit, Text

if TYPE_CHECKING:
    from rjieba import Jieba

AROUND = 10  # characters on each side that the dictionary sees
MOST = 500  # candidates in one text: nobody's lesson has so many
_WORD = re.compile(rf"([{HAN}]{{2,4}}?)\1")
_CHARACTER = re.compile(rf"([{HAN}])\1")
_HAN = re.compile(rf"[{HAN}]*")
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿")
_EACH = frozenset("一两几半")  # 一列列, 一步步


def doubled_words(text: Text) -> Iterator[Hit]:
    """坚持坚持. Not 一步一步 and 第一军第一师, and not one character many times (哈哈哈哈)."""
    for match in islice(_WORD.finditer(text.text), MOST):
        word = match.group(1)
        if len(set(word)) > 1 and _NUMERALS.isdisjoint(word) and _is_slip(text.text, match, word):
            yield Hit(match.start(), match.end(), word)


def doubled_characters(text: Text) -> Iterator[Hit]:
    """的的. Not 一列列, and no run of three."""
    for match in islice(_CHARACTER.finditer(text.text), MOST):
        character, before = match.group(1), text.text[max(match.start() - 1, 0) : match.start()]
        after = text.text[match.end() : match.end() + 1]
        if character in (before, after) or before in _EACH or character in _NUMERALS:
            continue
        if _is_slip(text.text, match, character):
            yield Hit(match.start(), match.end(), character)


def _is_slip(text: str, match: re.Match[str], once: str) -> bool:
    before = _last_run(text[max(match.start() - AROUND, 0) : match.start()])
    after = _HAN.match(text, match.end(), match.end() + AROUND)
    assert after is not None  # noqa: S101  the pattern matches nothing too
    twice, single = before + match.group() + after.group(), before + once + after.group()
    cut = _cut(twice)
    return match.group() not in cut and len(_cut(single)) < len(cut)


def _last_run(near: str) -> str:
    backwards = _HAN.match(near[::-1])
    assert backwards is not None  # noqa: S101  the pattern matches nothing too
    return backwards.group()[::-1]


@cache
def _segmenter() -> "Jieba":
    """Its dictionary takes a moment and 33 MB: only where a lesson is proof-read."""
    from rjieba import Jieba

    return Jieba()


def _cut(text: str) -> list[str]:
    return _segmenter().cut(text)
