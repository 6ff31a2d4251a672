"""What changed inside a text, sign by sign, for whoever has to judge the change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_SIGNS = 4000  # beyond, the comparison of signs takes too long, and nobody reads it


@dataclass(frozen=True)
class Piece:
    """``changed`` is true for what the other text has not."""

    text: str
    changed: bool


def marked(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces; joined, the pieces of each are the text again."""
    if len(before) + len(after) > MOST_SIGNS:
        return [Piece(before, True)], [Piece(after, True)]
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return list(_pieces(before, codes, 1)), list(_pieces(after, codes, 3))


def _pieces(text: str, codes: Sequence[tuple[str, int, int, int, int]], at: int) -> Iterator[Piece]:
    for code in codes:
        part = text[int(code[at]) : int(code[at + 1])]
        if part:
            yield Piece(part, code[0] != "equal")
