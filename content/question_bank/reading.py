"""A file of questions. Of a spreadsheet each row is a question, or a sentence that says what to do;
manuscripts are read in ``word_reading``."""

import re
import zipfile
from collections.abc import Sequence, Set
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from content.question_bank import answers
from content.question_bank.apostrophes import is_marked
from content.question_bank.columns import DEEPEST, Head, find_head
from content.question_bank.file_pictures import SheetPictures
from content.question_bank.rows import Questions, Row, picture_problem, row_of
from content.question_bank.word_reading import read_word_questions
from studyhub.core.characters import clean, one_line, without_unseen
from studyhub.core.errors import Invalid
from studyhub.core.sheets.reading import MOST_BYTES, read_marks, read_sheet

MOST_ROWS = 1000
_DATE = "\ue000"  # in front of what is a date for the spreadsheet; nobody writes this sign
_OLD = b"\xd0\xcf\x11\xe0"
_OLD_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1")
_BROKEN_LINE = re.compile(r"_x000[dD]_")
_CALLED = re.compile(r'=?(?:_xlfn\.)?DISPIMG\("([^"]{1,80})"')
_TEXT_FORMAT = "请把这一格的格式设成“文本”，重新写一遍"


def read_questions(data: bytes) -> Questions:
    """Raises Invalid where nothing of the file can be read, with what to do."""
    if _is_manuscript(data):
        return read_word_questions(data, MOST_ROWS)
    if data.startswith(b"PK\x03\x04") and len(data) <= MOST_BYTES and _has(data, "vbaProject"):
        raise Invalid("sheet_macros", "这个文件带宏，不收。请另存为不带宏的 .xlsx 再试。")
    sheet = read_sheet(data, _cell)
    head = find_head(sheet.rows)
    if head is None:
        raise Invalid(
            "no_question_columns",
            f"前 {DEEPEST} 行里没有找到写着“题干”和“答案”的那一行列名。请照样表写好列名再导入。",
        )
    marks = read_marks(data)
    written = _below(sheet.rows, head)
    wanted = [(n, cells) for n, cells in written if n not in marks.hidden]
    if len(wanted) > MOST_ROWS:
        raise Invalid("sheet_too_large", f"一次最多 {MOST_ROWS} 题，请分成几个文件再导入。")
    hidden = [n for n, _ in written if n in marks.hidden]
    formulas = _by_row(marks.formulas)
    pictures = SheetPictures(data)
    rows = [_row(n, cells, head, formulas.get(n, []), pictures) for n, cells in wanted]
    notes = _notes(data, sheet.others, head, hidden)
    notes += _stray_pictures(pictures.rows() - {n for n, _ in wanted})
    if not pictures.has_any and data.startswith(b"PK\x03\x04") and _has(data, "xl/media/"):
        notes.append("表里的图片没有导入：没有一张放在这张工作表上。")
    return Questions(rows, notes, pictures.pictures.kept)


def _is_manuscript(data: bytes) -> bool:
    """Of Word or WPS, whether its door lets it in or not. A workbook may hold a manuscript."""
    if data.startswith(b"PK\x03\x04"):
        return _has(data, "word/document") and not _has(data, "xl/workbook")
    is_old = data.startswith(_OLD)
    parts = [name.encode("utf-16-le") in data for name in ("WordDocument", "Workbook")]
    return is_old and parts == [True, False]


def _cell(value: Any) -> str:
    """Lines stay lines; a date is told, since 1/2 may have been an option."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "正确" if value else "错误"
    if isinstance(value, datetime | date | time):
        return f"{_DATE}{value}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = _BROKEN_LINE.sub("\n", str(value)).replace("\r\n", "\n").replace(_DATE, "")
    lines = (without_unseen(one_line(line)).strip() for line in clean(text).splitlines())
    return _as_meant("\n".join(line for line in lines if line))


def _as_meant(text: str) -> str:
    """Our export puts an apostrophe in front of what a spreadsheet would run."""
    return text[1:] if is_marked(text) else text


Numbered = tuple[int, Sequence[str]]


def _below(rows: Sequence[Sequence[str]], head: Head) -> list[Numbered]:
    """What is written under the names of the columns, shown or not."""
    numbered = enumerate(rows[head.row + 1 :], start=head.row + 2)
    return [(n, cells) for n, cells in numbered if any(cells)]


def _by_row(formulas: Sequence[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for name in formulas:
        found.setdefault(int(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), []).append(name)
    return found


def _notes(data: bytes, others: Sequence[str], head: Head, hidden: Sequence[int]) -> list[str]:
    notes = []
    if hidden:
        named = "、".join(map(str, hidden[:10]))
        notes.append(f"隐藏或筛选掉的 {len(hidden)} 行没有读（第 {named} 行）。")
    if head.unknown:
        notes.append(f"没有读的列：{'、'.join(head.unknown[:10])}。")
    if others:
        notes.append(f"只读第一张有内容的工作表，没有读：{'、'.join(others[:5])}。")
    if data.startswith(b"PK\x03\x04") and _has(data, "xl/richData/"):
        notes.append(
            "用 Excel“放在单元格中”的图片读不了，没有导入。请右键选“放置在单元格上方”，存好再导入。"
        )
    if data.startswith(_OLD) and any(sign in data for sign in _OLD_PICTURES):
        notes.append("旧格式（.xls）里的图片没有读。请用 WPS 或 Excel 另存为 .xlsx 再导入。")
    if data.startswith(b"PK\x03\x04") and _has(data, "comments"):
        notes.append("批注没有读。")
    return notes


def _stray_pictures(rows: Set[int]) -> list[str]:
    """Pictures that lie in no question's row."""
    named = "、".join(f"第 {row} 行" if row else "不在任何一行" for row in sorted(rows)[:10])
    more = f"等 {len(rows)} 处" if len(rows) > 10 else ""
    if not rows:
        return []
    return [
        f"没有导入的图片：{named}{more}。"
        "这些地方没有题；图片的左上角要落在题的那一行里。隐藏的行不读。"
    ]


def _has(data: bytes, part: str) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            return any(part in name for name in parts.namelist())
    except zipfile.BadZipFile:
        return False  # read_sheet says what to do


def _row(
    number: int,
    cells: Sequence[str],
    head: Head,
    formulas: Sequence[str],
    pictures: SheetPictures,
) -> Row:
    called = [found[1] for text in cells if (found := _CALLED.match(text))]
    if called:  # by the formula that WPS writes for a picture in a cell
        formulas = [name for name in formulas if not _calls_picture(name, cells)]
        cells = ["" if _CALLED.match(text) else text for text in cells]
    said = {name: _at(cells, place) for name, place in head.places.items()}
    stem = one_line(said["stem"].replace(_DATE, ""))
    shared: dict[str, Any] = {"number": number, "stem": stem[:200]}
    if problem := _cell_problem(cells, head, formulas):
        return Row(problem=problem, **shared)
    digest, problem = pictures.of_row(number, called)
    if problem := problem or picture_problem(said, digest):
        return Row(problem=problem, **shared)
    shared["says_picture"] = bool(digest) or "picture" in said
    return row_of(said, _options(cells, head, said), digest=digest, **shared)


def _calls_picture(name: str, cells: Sequence[str]) -> bool:
    """Of a cell by its name (B5)."""
    place = 0
    for letter in name.rstrip("0123456789"):
        place = place * 26 + ord(letter) - ord("A") + 1
    return bool(_CALLED.match(_at(cells, place - 1)))


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _cell_problem(cells: Sequence[str], head: Head, formulas: Sequence[str]) -> str:
    if formulas:
        return f"{'、'.join(formulas[:3])} 是公式，不收：请改成文字"
    for place in (*head.places.values(), *head.options):
        if _at(cells, place).startswith(_DATE):
            column = chr(ord("A") + place) if place < 26 else f"第 {place + 1} 列"
            return f"{column} 列的格子被表格软件变成了日期。{_TEXT_FORMAT}"
    return ""


def _options(cells: Sequence[str], head: Head, said: dict[str, str]) -> list[str]:
    texts = [one_line(_at(cells, place)) for place in head.options]
    texts = [answers.without_own_letter(text, n) for n, text in enumerate(texts)]
    while texts and not texts[-1]:
        texts.pop()
    return texts or answers.options_in(said.get("options", ""))
