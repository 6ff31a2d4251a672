"""Files of an office as rows of text: .xlsx and .xls of WPS and Excel, .csv.

A file comes from anywhere. What it may hold is bounded before it is opened, and what does not open
is refused with what to do.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from studyhub.core.characters import one_line, without_unseen
from studyhub.core.errors import Invalid
from studyhub.core.sheets import merged
from studyhub.core.sheets.drawings import NO_DRAWINGS, Drawings, drawings_of
from studyhub.core.sheets.marks import NO_MARKS, Marks, marks_of

MOST_BYTES = 20 * 1024**2
MOST_UNPACKED = 200 * 1024**2
MOST_IN_MEMORY = 30 * 1024**2  # of a part that is not read row by row
MOST_ROWS = 20_000
MOST_SHEETS = 50
LOOKED_AT = 1_000  # rows of a sheet, to see whether it says anything
MOST_COLUMNS = 80
_WORKBOOK, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AGAIN = "请用 WPS 或 Excel 打开它，另存为 .xlsx 再试。"
Rows = list[list[str]]
Said = Callable[[Any], str]


@dataclass(frozen=True)
class Sheet:
    """Rows and cells as they stand, empty ones too; and which sheets of the file were not read."""

    rows: Rows = field(repr=False)  # with columns that are not to be read
    name: str = ""  # a .csv has none
    others: Sequence[str] = ()  # that have something on them


def read_sheet(data: bytes, said: Callable[[Any], str] | None = None) -> Sheet:
    """The first sheet that has anything on it. ``said`` puts a cell in words (``text_of``).

    Raises Invalid ``sheet_unreadable``, ``sheet_too_large`` or ``sheet_empty``.
    """
    if len(data) > MOST_BYTES:
        raise _too_large("文件超过 20 MB")
    sheet = _sheet_of(data, said or text_of)
    if not any(any(row) for row in sheet.rows):
        raise Invalid("sheet_empty", "这个文件里没有内容，请检查是不是选错了文件。")
    return sheet


def read_marks(data: bytes) -> Marks:
    """Of a file that ``read_sheet`` took: what is marked in an .xlsx; nothing in other files."""
    filled = _first_filled(data)
    if filled is None:
        return NO_MARKS
    with filled._get_source() as source:
        return marks_of(source)


def read_drawings(data: bytes) -> Drawings:
    """As ``read_marks``: the pictures of an .xlsx. Raises Invalid ``sheet_unreadable``."""
    filled = _first_filled(data)
    if filled is None:
        return NO_DRAWINGS
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return drawings_of(parts, filled._worksheet_path)
    except Exception as error:  # whatever a broken part makes the parser raise
        raise _unreadable("读不懂这个文件里的图片") from error


def _first_filled(data: bytes) -> Any:
    """Of an .xlsx that ``read_sheet`` took; None for other files."""
    if not data.startswith(_WORKBOOK):
        return None
    from studyhub.core.sheets.workbooks import open_workbook

    sheets = open_workbook(data).worksheets
    return next((sheet for sheet in sheets if _says_something(_cells(sheet))), None)


def _sheet_of(data: bytes, said: Said) -> Sheet:
    if data.startswith(_WORKBOOK):
        return _workbook(data, said)
    if data.startswith(_OLD):
        return _old_workbook(data, said)
    return Sheet(_bounded(_separated(data), said))


def _bounded(rows: Iterable[Iterable[Any]], said: Said) -> Rows:
    """Blank rows do not count: a sheet formatted to its last line is not a long one."""
    kept: Rows = []
    blank = 0
    for row in rows:
        texts = _texts(row, said)
        if not any(texts):
            blank += 1
            if blank > MOST_ROWS:
                break
            continue
        kept += [[] for _ in range(blank)] + [texts]
        blank = 0
        if len(kept) > MOST_ROWS:
            raise _too_large(f"超过 {MOST_ROWS:,} 行")
    return kept


def _workbook(data: bytes, said: Said) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _refuse_bomb(parts.infolist())
        from studyhub.core.sheets.workbooks import open_workbook  # see core.spreadsheets

        book = open_workbook(data)
        if len(book.worksheets) > MOST_SHEETS:
            raise _too_large(f"超过 {MOST_SHEETS} 张工作表")
        filled = [sheet for sheet in book.worksheets if _says_something(_cells(sheet))]
        rows = (_merged_rows(sheet, said) for sheet in filled)
        return _first([sheet.title for sheet in filled], rows)
    except Invalid:
        raise
    except Exception as error:  # whatever a broken file makes the library raise
        raise _unreadable() from error


def _refuse_bomb(parts: Iterable[zipfile.ZipInfo]) -> None:
    """By what the file says of its parts; a part that is longer is not read to its end."""
    parts = list(parts)
    inner = [part for part in parts if not part.filename.startswith(("xl/worksheets", "xl/media"))]
    largest = max((part.file_size for part in inner), default=0)
    if largest > MOST_IN_MEMORY or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _too_large("解开以后太大")


def _merged_rows(sheet: Any, said: Said) -> Rows:
    rows = _bounded(_cells(sheet), said)
    with sheet._get_source() as source:
        merged.fill(rows, merged.spans_of(source))
    return rows


def _cells(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # what the file says of its size may be a lie
    return iter(sheet.iter_rows(values_only=True))


def _old_workbook(data: bytes, said: Said) -> Sheet:
    if _ENCRYPTED in data:
        raise Invalid("sheet_unreadable", "这个文件有密码，请在 WPS 或 Excel 里去掉密码再试。")
    import xlrd  # as rare as files of that kind

    try:
        # With formatting, or merged cells are not known.
        book = xlrd.open_workbook(file_contents=data, on_demand=True, formatting_info=True)
        filled = [sheet for sheet in book.sheets() if _says_something(_old_cells(sheet))]
        rows = (_old_merged_rows(sheet, said) for sheet in filled)
        return _first([sheet.name for sheet in filled], rows)
    except Invalid:
        raise
    except Exception as error:
        raise _unreadable() from error


def _old_merged_rows(sheet: Any, said: Said) -> Rows:
    rows = _bounded(_old_cells(sheet), said)
    spans = [(first, end - 1, left) for first, end, left, _ in sheet.merged_cells]
    merged.fill(rows, spans)
    return rows


def _old_cells(sheet: Any) -> Iterator[list[Any]]:
    return ([_old_cell(cell, sheet.book) for cell in row] for row in sheet.get_rows())


def _says_something(rows: Iterable[Iterable[Any]]) -> bool:
    return any(any(_texts(row, text_of)) for row in islice(rows, LOOKED_AT))


def _first(names: list[str], sheets: Iterator[Rows]) -> Sheet:
    name, *others = map(one_line, names or [""])
    return Sheet(next(sheets, []), name, others)


def _old_cell(cell: Any, book: Any) -> Any:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        return xlrd.xldate_as_datetime(cell.value, book.datemode)
    return None if cell.ctype == xlrd.XL_CELL_ERROR else cell.value


def _separated(data: bytes) -> Iterator[Iterable[Any]]:
    text = _decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max(",\t;，", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=mark)
    except csv.Error as error:
        raise _unreadable() from error


def _decoded(data: bytes) -> str:
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable()
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable()


def _texts(row: Iterable[Any], said: Said) -> list[str]:
    return [said(cell) for cell in islice(row, MOST_COLUMNS)]


def text_of(cell: Any) -> str:
    """As it would be read from the screen; a date as 2021-09-03, a whole number without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return without_unseen(one_line(str(cell))).strip()


def _too_large(what: str) -> Invalid:
    return Invalid("sheet_too_large", f"{what}，请分成几个文件再导入。")


def _unreadable(what: str = "读不懂这个文件") -> Invalid:
    return Invalid("sheet_unreadable", f"{what}。{_SAVE_AGAIN}")
