"""Texts cut to what a platform takes: after a sentence, a phrase or a word. Plain Python."""

import re
from collections.abc import Callable, Iterator
from functools import cache

CUT = "…"
NEAR = 20  # signs around the cut in which words are told apart
_ENDS = (re.compile(r"[。！？；]+[”’」』）]*"), re.compile(r"[，、：—]+|\s+"))
Size = Callable[[str], int]


def in_bytes(text: str) -> int:
    """The size of a text where a platform counts bytes of UTF-8."""
    return len(text.encode())


def shortened(text: str, most: int, size: Size = len) -> str:
    """At most so large; what was cut ends with …, after a whole sentence, phrase or word.

    A boundary counts when at least half of the room is used; a word longer than the room is cut.
    """
    if size(text) <= most:
        return text
    room = most - size(CUT)
    start = _fitting(text, room, size)
    for boundary in _ENDS:
        ends = [found.start() for found in boundary.finditer(start) if found.start()]
        if ends and size(start[: ends[-1]]) * 2 >= room:
            return start[: ends[-1]] + CUT
    return (_whole_words(start, text) or start) + CUT


def _fitting(text: str, room: int, size: Size) -> str:
    """The longest beginning that fits; characters that belong together are not torn apart."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= room else (low, middle - 1)
    return text[:low]


def _whole_words(start: str, text: str) -> str:
    """The beginning without a word of which the rest would stand behind it."""
    at = max(len(start) - NEAR, 0)
    ends = [at + end for end in _word_ends(text[at : len(start) + NEAR])]
    return start[: max((end for end in ends if end <= len(start)), default=0)].rstrip()


def _word_ends(text: str) -> Iterator[int]:
    at = 0
    for word in _segmenter()(text):
        at += len(word)
        yield at


@cache
def _segmenter() -> Callable[[str], list[str]]:
    """Its dictionary takes a moment and 33 MB: only where no sign divides the text."""
    from rjieba import Jieba

    return Jieba().cut
