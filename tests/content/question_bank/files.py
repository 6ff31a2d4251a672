"""Spreadsheets of questions, as offices make them and as nobody should."""

import io
import zipfile

from openpyxl import Workbook

HEAD = ("题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析")


def a_file(*rows, head=HEAD, above=(), hidden=()):
    book = Workbook()
    sheet = book.active
    for row in above:
        sheet.append(row)
    sheet.append(head)
    for row in rows:
        sheet.append(row)
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_part(data, name, content=b"x"):
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as parts:
        parts.writestr(name, content)
    return buffer.getvalue()
