"""Excel files made of people's words: one sheet, and no cell that would run.

openpyxl is imported where a file is made: it takes 7 MB, and most processes never make one.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from studyhub.core.characters import clean

if TYPE_CHECKING:
    from openpyxl import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def start_sheet(title: str) -> "tuple[Workbook, Any]":
    """A workbook and its only sheet."""
    from openpyxl import Workbook

    book = Workbook()
    sheet: Any = book.active  # a new book always has one
    sheet.title = title
    return book, sheet


def add_rows(sheet: Any, rows: Iterable[Iterable[object]]) -> None:
    """Append the rows with every text made safe."""
    for row in rows:
        sheet.append([safe_cell(value) for value in row])


def xlsx_bytes(book: "Workbook") -> bytes:
    """The file, as it is sent."""
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def safe_cell(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    if isinstance(value, str):
        cleaned = clean(value)
        return f"'{cleaned}" if cleaned.lstrip(" ").startswith(FORMULA_STARTS) else cleaned
    return value
