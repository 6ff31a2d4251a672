"""The Excel file of a group: the same rows as the screen."""

from studyhub.core.clock import BEIJING
from studyhub.core.spreadsheets import add_rows, start_sheet, xlsx_bytes
from studyhub.learning.completion import GroupCompletion, MemberLine


def completion_workbook(completion: GroupCompletion) -> bytes:
    """An .xlsx with one line per member in name order, then the counts."""
    from openpyxl.styles import Alignment, Font  # see core.spreadsheets
    from openpyxl.utils import get_column_letter

    book, sheet = start_sheet("学习情况")
    as_of = completion.as_of.astimezone(BEIJING)
    add_rows(
        sheet,
        [
            [f"{completion.group.name} · {completion.plan.title}"],
            [f"截至 {as_of:%Y年%m月%d日 %H:%M}，按姓名排列；免除学习要求的同志不计入完成率"],
            ["姓名", *(column.title for column in completion.lessons), "学完", "应学", "可以帮忙"],
            *(_member_row(line) for line in completion.members),
            ["学完人数", *(column.finished_count for column in completion.lessons)],
            [
                f"合计：{completion.totals.members} 人，应学 {completion.totals.required} 课次，"
                f"学完 {completion.totals.finished} 课次，{completion.totals.percent}%"
            ],
        ],
    )
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[3]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B4"
    for index in range(1, len(completion.lessons) + 5):
        sheet.column_dimensions[get_column_letter(index)].width = 14
    return xlsx_bytes(book)


def _member_row(line: MemberLine) -> list[object]:
    marks = [mark.label for mark in line.marks]
    return [line.member.name, *marks, line.finished, line.required, line.help_reason or ""]
