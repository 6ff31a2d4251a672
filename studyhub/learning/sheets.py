"""The Excel sheet of a group: the same rows as the screen."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from studyhub.core.clock import BEIJING
from studyhub.learning.completion import GroupCompletion, MemberLine
from studyhub.learning.progress import FINISHED, IN_PROGRESS, NOT_STARTED

STATUS_WORDS = {NOT_STARTED: "未开始", IN_PROGRESS: "在学", FINISHED: "学完"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def completion_workbook(completion: GroupCompletion) -> bytes:
    """An .xlsx with one line per member in name order, then the counts."""
    book = Workbook(write_only=False)
    del book[book.sheetnames[0]]
    sheet = book.create_sheet("学习情况")
    as_of = completion.as_of.astimezone(BEIJING)
    rows: list[list[object]] = [
        [f"{completion.group.name} · {completion.plan.title}"],
        [f"截至 {as_of:%Y年%m月%d日 %H:%M}，按姓名排列；免除学习要求的同志不计入完成率"],
        ["姓名", *(column.title for column in completion.lessons), "学完", "应学", "可以帮忙"],
        *(_member_row(completion, line) for line in completion.members),
        ["学完人数", *(column.finished_count for column in completion.lessons)],
        [
            f"合计：{completion.totals.members} 人，应学 {completion.totals.required} 课次，"
            f"学完 {completion.totals.finished} 课次，{completion.totals.percent}%"
        ],
    ]
    for row in rows:
        sheet.append([safe_cell(value) for value in row])
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[3]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B4"
    for index in range(1, len(completion.lessons) + 5):
        sheet.column_dimensions[get_column_letter(index)].width = 14
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _member_row(completion: GroupCompletion, line: MemberLine) -> list[object]:
    statuses = [STATUS_WORDS[line.statuses[column.lesson_key]] for column in completion.lessons]
    return [
        line.member.name,
        *statuses,
        line.finished,
        line.required,
        line.help_reason or "",
    ]


def safe_cell(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    if isinstance(value, str):
        cleaned = "".join(c for c in value if c >= " " or c in "\t\n\r")
        return f"'{cleaned}" if value.startswith(FORMULA_STARTS) else cleaned
    return value
