"""What the library does not say of a sheet of an .xlsx that it reads row by row: formulas and rows
that are not shown. Found by their signs and not parsed: a sheet may have a million rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^<>]*\bhidden="(?:1|true)")[^<>]*\br="(\d+)"')
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^<>]*\br="([A-Z]+\d+)"[^<>]*>\s*<(?:\w+:)?f[\s/>]')
_AT_ONCE, _LONGEST = 1024 * 1024, 400  # bytes
MOST = 20_000


@dataclass(frozen=True)
class Marks:
    """``hidden`` are numbers of rows as people count, ``formulas`` cells by their names (B5)."""

    hidden: frozenset[int] = frozenset()
    formulas: tuple[str, ...] = ()


NO_MARKS = Marks()


def marks_of(source: IO[bytes]) -> Marks:
    """Reads the part once."""
    hidden: set[int] = set()
    formulas: list[str] = []
    for text in _pieces(source):
        hidden.update(int(number) for number in _ROW.findall(text))
        formulas += [name.decode() for name in _FORMULA.findall(text)]
        if len(hidden) + len(formulas) > MOST:
            break
    return Marks(frozenset(hidden), tuple(dict.fromkeys(formulas)))


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    """Each with the end of the one before: what is found twice counts once."""
    rest = b""
    while chunk := source.read(_AT_ONCE):
        yield rest + chunk
        rest = chunk[-_LONGEST:]
