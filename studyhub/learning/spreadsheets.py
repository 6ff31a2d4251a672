"""Excel files made of people's words: one sheet, and no cell that would run."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from openpyxl import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def start_sheet(title: str) -> tuple[Workbook, Any]:
    """A workbook and its only sheet."""
    book = Workbook()
    sheet: Any = book.active  # a new book always has one
    sheet.title = title
    return book, sheet


def add_rows(sheet: Any, rows: Iterable[Iterable[object]]) -> None:
    """Append the rows with every text made safe."""
    for row in rows:
        sheet.append([safe_cell(value) for value in row])


def xlsx_bytes(book: Workbook) -> bytes:
    """The file, as it is sent."""
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def safe_cell(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    if isinstance(value, str):
        cleaned = "".join(c for c in value if c >= " " or c in "\t\n\r")
        return f"'{cleaned}" if value.startswith(FORMULA_STARTS) else cleaned
    return value
