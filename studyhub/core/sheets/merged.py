"""Cells merged over several rows: what stands in the first is said of all of them.

A blank cell that is not merged says nothing, so that the two must be told apart.
"""

import re
from collections.abc import Iterable, Iterator
from typing import IO

from studyhub.core.errors import Invalid

Span = tuple[int, int, int]  # first row, last row, column; counted from 0
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?\bref="([^"]*)"')
_AT_ONCE, _LONGEST = 1024 * 1024, 200  # bytes
MOST_SPANS = 100_000
MOST_FILLED = 2_000_000  # a sheet has no more cells than that; spans that overlap could


def spans_of(source: IO[bytes]) -> Iterator[Span]:
    """Of a sheet of an .xlsx, whose library leaves them out where it reads row by row.

    Found by their sign and not parsed: a sheet may have a million rows that say nothing.
    """
    from openpyxl.worksheet.cell_range import CellRange  # see core.spreadsheets

    for ref in _refs(source):
        cells = CellRange(ref.decode("ascii"))
        yield cells.min_row - 1, cells.max_row - 1, cells.min_col - 1


def _refs(source: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while chunk := source.read(_AT_ONCE):
        text = rest + chunk
        end = 0
        for found in _MERGED.finditer(text):
            yield found.group(1)
            end = found.end()
        rest = text[max(end, len(text) - _LONGEST) :]


def fill(rows: list[list[str]], spans: Iterable[Span]) -> None:
    """Blank rows stay blank. Raises Invalid ``sheet_too_large``."""
    filled = 0
    for number, (first, last, column) in enumerate(spans):
        covered = rows[first + 1 : last + 1]
        filled += len(covered)
        if number > MOST_SPANS or filled > MOST_FILLED:
            raise Invalid("sheet_too_large", "合并的格子太多，请取消合并单元格再导入。")
        if covered and column < len(rows[first]):
            _fill(covered, column, rows[first][column])


def _fill(rows: Iterable[list[str]], column: int, value: str) -> None:
    for row in filter(any, rows):
        row += [""] * (column + 1 - len(row))
        row[column] = row[column] or value
