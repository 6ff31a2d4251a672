"""Spreadsheets of questions, as offices make them and as nobody should."""

import io
import zipfile

from openpyxl import Workbook
from openpyxl.drawing.image import Image as Picture
from PIL import Image as Drawing

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


def a_drawing(size=(40, 30), colour="#9f2a1f", kind="PNG", **options):
    buffer = io.BytesIO()
    Drawing.new("RGB", size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


def with_drawings(*rows, pictures, head=HEAD):
    """``pictures``: the cell in which each lies, and its bytes."""
    book = Workbook()
    sheet = book.active
    for row in (head, *rows):
        sheet.append(row)
    for cell, data in pictures:
        picture = Picture(io.BytesIO(data))
        picture.anchor = cell
        sheet.add_image(picture)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_parts(data, **parts):
    """Parts put in the place of those of the same name (``/`` written as ``__``)."""
    changed = {name.replace("__", "/"): content for name, content in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in {*old.namelist(), *changed}:
            new.writestr(name, changed[name] if name in changed else old.read(name))
    return out.getvalue()
