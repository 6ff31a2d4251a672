"""A spreadsheet of questions: each row is a question, or a sentence that says what to do."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from content.question_bank import answers
from content.question_bank.apostrophes import is_marked
from content.question_bank.columns import DEEPEST, Head, find_head
from content.question_wording import KINDS, Choice, Wording, problem_of
from studyhub.core.characters import clean, one_line, without_unseen
from studyhub.core.errors import Invalid
from studyhub.core.sheets.reading import MOST_BYTES, read_marks, read_sheet

MOST_ROWS = 1000
Standing = tuple[int, str, str]  # number of the newest version, category, state
_DATE = "\ue000"  # in front of what is a date for the spreadsheet; nobody writes this sign
_BROKEN_LINE = re.compile(r"_x000[dD]_")
_TEXT_FORMAT = "请把这一格的格式设成“文本”，重新写一遍"


@dataclass(frozen=True)
class Row:
    """``number`` as the spreadsheet counts. ``problem`` says what to do, ``notes`` what one should
    know; with a problem ``wording`` is None. ``lesson`` and ``section`` are titles. ``seen`` is how
    the question it names stood in the bank when somebody looked; None where nobody did."""

    number: int
    stem: str
    wording: Wording | None = None
    problem: str = ""
    notes: tuple[str, ...] = ()
    id: int | None = None
    category: str = ""
    retired: bool = False
    lesson: str = ""
    section: str = ""
    seen: Standing | None = None


@dataclass(frozen=True)
class Questions:
    """``notes`` are of the whole file."""

    rows: list[Row]
    notes: list[str]


def read_questions(data: bytes) -> Questions:
    """Raises Invalid where nothing of the file can be read, with what to do."""
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
    rows = [_row(n, cells, head, formulas.get(n, [])) for n, cells in wanted]
    return Questions(rows, _notes(data, sheet.others, head, hidden))


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
    if data.startswith(b"PK\x03\x04") and _has(data, "xl/media/"):
        notes.append("表里的图片没有导入，请在课里另加图片。")
    if data.startswith(b"PK\x03\x04") and _has(data, "comments"):
        notes.append("批注没有读。")
    return notes


def _has(data: bytes, part: str) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            return any(part in name for name in parts.namelist())
    except zipfile.BadZipFile:
        return False  # read_sheet says what to do


def _row(number: int, cells: Sequence[str], head: Head, formulas: Sequence[str]) -> Row:
    said = {name: _at(cells, place) for name, place in head.places.items()}
    stem = one_line(said["stem"].replace(_DATE, ""))
    shared: dict[str, Any] = {"number": number, "stem": stem[:200]}
    if problem := _cell_problem(cells, head, formulas):
        return Row(problem=problem, **shared)
    options = _options(cells, head, said)
    kind = _kind(said, options)
    if kind not in KINDS:
        return Row(problem=f"题型“{said['kind']}”这里没有：可以写单选、多选、判断、填空", **shared)
    wording, problem = _wording(kind, said, options)
    problem = problem or _words(problem_of(wording)) or _meta_problem(said)
    if problem:
        return Row(problem=problem, **shared)
    return Row(
        wording=wording,
        notes=_row_notes(wording),
        id=int(said["id"]) if said.get("id") else None,
        category=one_line(said.get("category", "")),
        retired=said.get("state", "") == "停用",
        lesson=one_line(said.get("lesson", "")),
        section=one_line(said.get("section", "")),
        **shared,
    )


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


def _kind(said: dict[str, str], options: Sequence[str]) -> str:
    if said.get("kind"):
        return answers.kind_of(said["kind"])
    if options:
        places = answers.chosen(said["answer"], options) or []
        return "multi" if len(places) > 1 else "single"
    return "truefalse" if answers.truth_of(said["answer"]) else "blank"


def _wording(kind: str, said: dict[str, str], options: Sequence[str]) -> tuple[Wording, str]:
    names = ("stem", "explanation", "source")
    plain: dict[str, Any] = {name: one_line(said.get(name, "")) for name in names}
    answer = said["answer"]
    if not answer:
        return Wording(kind, **plain), "没有写答案"
    if kind == "truefalse":
        truth = answers.truth_of(answer) or _truth_by_letter(answer, options)
        return Wording(kind, truth=truth, **plain), "" if truth else _not_true_or_false(answer)
    if kind == "blank":
        return Wording(kind, accepted=answers.spellings(answer), **plain), ""
    gap = answers.has_gap(options)
    if gap is not None:
        return Wording(kind, **plain), f"选项 {chr(ord('A') + gap)} 是空的，后面却还有选项"
    places = answers.chosen(answer, options)
    if places is None:
        return Wording(kind, **plain), f"答案“{one_line(answer)}”不在选项里"
    choices = tuple(Choice(text, n in places) for n, text in enumerate(options))
    return Wording(kind, options=choices, **plain), ""


def _truth_by_letter(answer: str, options: Sequence[str]) -> str:
    places = answers.chosen(answer, options) if options else None
    return answers.truth_of(options[places[0]]) if places and len(places) == 1 else ""


def _not_true_or_false(answer: str) -> str:
    return f"判断题的答案“{one_line(answer)}”看不懂：请写“正确”或“错误”"


def _words(problem: tuple[str, str] | None) -> str:
    return problem[1] if problem else ""


def _meta_problem(said: dict[str, str]) -> str:
    if said.get("id") and not re.fullmatch(r"[0-9]{1,9}", said["id"]):
        return f"题库编号“{one_line(said['id'])}”不对：新题请空着"
    if len(said.get("category", "")) > 40:
        return "类别最多 40 字"
    return ""


def _row_notes(wording: Wording) -> tuple[str, ...]:
    notes = []
    if wording.has_fixed_order:
        notes.append("选项互相指代（如“以上都对”），次序不会打乱")
    if not wording.explanation:
        notes.append("没有解析，放进课里以后要补")
    return tuple(notes)
