"""Rosters as offices send them."""

import io
import zipfile

import openpyxl

HEAD = ("姓名", "联系电话", "所在党支部", "流入地", "从事职业", "外出时间")
PEOPLE = (
    ("其其格", "13800000001", "鲁北镇党支部", "北京市朝阳区", "建筑工地", "2021.9"),
    ("巴图", "138 0000 0002", "", "天津东丽", "快递员", "2021年9月"),
    ("乌云", "+8613800000003", "香山镇党支部", "广东深圳宝安", "饭店厨师", "202109"),
)


def workbook(*rows, sheets=(), title="流动党员花名册", merged=(), more=None, name="Sheet"):
    """An .xlsx with a merged title above its rows, after ``sheets`` that hold nothing.

    ``more`` sheets stand behind it, by name.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    for empty in sheets:
        sheet.title = empty
        sheet = book.create_sheet()
    sheet.title = name
    if title:
        sheet.append([title])
        sheet.merge_cells("A1:F1")
        sheet.append([])
    _fill(sheet, rows)
    for cells in merged:
        sheet.merge_cells(cells)
    for other, theirs in (more or {}).items():
        _fill(book.create_sheet(other), theirs)
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


def _fill(sheet, rows):
    for row in rows:
        sheet.append(list(row))


def separated(*rows, encoding="gb18030", mark=","):
    return "\r\n".join(mark.join(row) for row in rows).encode(encoding)


def bomb():
    """A workbook that unpacks to 300 MB of nothing."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"\0" * (300 * 1024**2))
    return stored.getvalue()
