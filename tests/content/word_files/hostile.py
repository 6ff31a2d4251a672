"""Files that mean harm, or that somebody sends by mistake; by name, made when asked for."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import openpyxl

from tests.content.word_files.docx_files import (
    NAMESPACES,
    TYPES,
    a_png,
    cell,
    docx,
    drawing,
    para,
    part,
    run,
    table,
    zipped,
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCUMENT = f"<w:document {NAMESPACES}><w:body>{{}}</w:body></w:document>"
DTD = '<?xml version="1.0"{}?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def with_document(data: bytes | str, **parts: bytes | str) -> bytes:
    return changed(docx(para("甲。")), {"word/document.xml": data, **parts})


def changed(data: bytes, parts: dict[str, bytes | str]) -> bytes:
    with ZipFile(BytesIO(data)) as file:
        whole: dict[str, bytes | str] = {name: file.read(name) for name in file.namelist()}
    return zipped(whole | parts)


def laughs() -> str:
    lines = ['<!ENTITY l0 "ha">'] + [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)]
    body = DOCUMENT.format(para("&l9;"))
    return f'<?xml version="1.0"?><!DOCTYPE x [{"".join(lines)}]>{body}'


def doubled() -> bytes:
    """Two entries of one name, which readers tell apart differently."""
    data = zipped(
        {"[Content_Types].xml": TYPES, "word/document.xml": "a", "word/document.xmm": "b"}
    )
    return data.replace(b"word/document.xmm", b"word/document.xml")


def a_sheet() -> bytes:
    out = BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def many_entries() -> bytes:
    return zipped({"[Content_Types].xml": TYPES} | {f"a{n}": "x" for n in range(2500)})


def nested(count: int) -> str:
    inner = para("底")
    for _ in range(count):
        inner = table(cell(inner + para("") if inner.startswith("<") else inner))
    return inner


def small_cell(number: int) -> str:
    return f"<w:tc><w:p><w:r><w:t>{number * number}</w:t></w:r></w:p></w:tc>"


def picture_bomb() -> bytes:
    """A PNG that says it is 60,000 pixels wide and high, in a few hundred bytes."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    image = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))
    return docx(para(drawing("p")) + para("甲。"), pictures={"p": image + chunk(b"IEND", b"")})


def linked_picture() -> bytes:
    outside = (
        '<Relationship Id="out" TargetMode="External" Target="file:///etc/passwd" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
    )
    both = drawing("out") + drawing("out").replace("r:embed", "r:link")
    return docx(para("甲。") + para(both), more=outside)


def utf16(document: str) -> bytes:
    return document.encode("utf-16")


def with_spans(span: str) -> bytes:
    wide = cell("宽", props=f'<w:gridSpan w:val="{span}"/>') + cell("窄")
    return docx(para("甲。") + table(wide, cell("一") + cell("二")))


def looped_styles() -> bytes:
    loop = "".join(
        f'<w:style w:styleId="{one}"><w:name w:val="{one}"/><w:basedOn w:val="{other}"/></w:style>'
        for one, other in (("a", "b"), ("b", "a"))
    )
    return docx(para("甲。", "a"), styles=loop)


# Refused, by the word that its sentence holds.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb in the text": (lambda: with_document("a" * 3_000_000), "太复杂"),
    "zip bomb beyond a part": (lambda: with_document("a" * 7_000_000), "太大"),
    "many entries": (many_entries, "太大"),
    "DTD": (lambda: with_document(DTD.format("") + DOCUMENT.format(para("&a;"))), "外部实体"),
    "DTD in UTF-16": (
        lambda: with_document(utf16(DTD.format(' encoding="UTF-16"') + DOCUMENT.format(""))),
        "外部实体",
    ),
    "DTD in the styles": (
        lambda: changed(docx(para("甲。")), {"word/styles.xml": DTD.format("") + "<x/>"}),
        "外部实体",
    ),
    "billion laughs": (lambda: with_document(laughs()), "外部实体"),
    "macros": (lambda: changed(docx(para("甲。")), {"word/vbaProject.bin": b"x"}), "宏"),
    "macros by type": (
        lambda: docx(para("甲。"), types=TYPES.replace("main+xml", "macroEnabled.main+xml")),
        "宏",
    ),
    "old .doc": (lambda: OLE + b"\0" * 2000, "旧格式"),
    "old .doc with a zip inside": (lambda: OLE + b"\0" * 600 + docx(para("甲。")), "旧格式"),
    "encrypted": (lambda: OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "Markdown": (lambda: "# 标题\n\n正文".encode(), "Markdown"),
    "web page": (lambda: b"<!DOCTYPE html><html><body>x</body></html>", "网页"),
    "workbook": (a_sheet, "Excel"),
    "PDF": (lambda: b"%PDF-1.7\n", "PDF"),
    "picture": (a_png, "图片"),
    "other zip": (lambda: zipped({"a.txt": "x"}), "压缩包"),
    "OpenDocument": (lambda: zipped({"mimetype": "x", "content.xml": "<x/>"}), "OpenDocument"),
    "cut off": (lambda: docx(para("甲。" * 500))[:-400], "不完整"),
    "empty": (lambda: b"", "不完整"),
    "no text in it": (lambda: docx("<w:p/>"), "没有文字"),
    "no body": (lambda: with_document(f"<w:document {NAMESPACES}/>"), "不完整"),
    "no document": (lambda: zipped({"[Content_Types].xml": TYPES}), "不完整"),
    "broken XML": (lambda: with_document("<w:document"), "不完整"),
    "two entries of one name": (doubled, "不完整"),
    "tables 200 deep": (lambda: docx(nested(200)), "太复杂"),
    "elements 3000 deep": (lambda: docx("<w:sdt>" * 3000 + "</w:sdt>" * 3000), "太复杂"),
    "61 pictures": (
        lambda: docx(
            "".join(para(drawing(f"p{n}")) for n in range(61)),
            pictures={f"p{n}": a_png(size=(n + 1, 1)) for n in range(61)},
        ),
        "图片多于",
    ),
}  # fmt: skip
# Taken in, without what was meant to harm.
HARMLESS: dict[str, Callable[[], bytes]] = {
    "paths of entries": lambda: changed(
        docx(para("甲。")), {"../../etc/cron.d/x": "x", "/abs": "x", "word/..\\x": "x"}
    ),
    "gridSpan 2,000,000,000": lambda: with_spans("2000000000"),
    "gridSpan abc": lambda: with_spans("abc"),
    "gridSpan -5": lambda: with_spans("-5"),
    "a hundred thousand cells": lambda: docx(
        para("甲。")
        + table(*("".join(map(small_cell, range(row, row + 200))) for row in range(500)))
    ),
    "picture bomb": picture_bomb,
    "picture of another file": linked_picture,
    "picture that is text": lambda: docx(
        para("甲。") + para(drawing("p")), pictures={"p": b"<svg onload=alert(1)>"}
    ),
    "altChunk": lambda: docx(para("甲。") + '<w:altChunk r:id="x"/>'),
    "javascript: link": lambda: docx(
        para(f'<w:hyperlink r:id="l">{run("甲")}</w:hyperlink>'),
        links={"l": "javascript:alert(1)"},
    ),
    "field that includes": lambda: docx(
        para('<w:fldSimple w:instr=" INCLUDETEXT &quot;/etc/passwd&quot; "/>' + run("甲。"))
    ),
    "styles in a circle": looped_styles,
    "note without its text": lambda: docx(
        para(run("甲。") + '<w:r><w:footnoteReference w:id="9"/></w:r>'),
        parts={"word/footnotes.xml": part("footnotes", "")},
    ),
    "numbers without numbering": lambda: docx(
        para("甲。", props='<w:numPr><w:ilvl w:val="99"/><w:numId w:val="-1"/></w:numPr>')
    ),
    "picture without a file": lambda: docx(para("甲。") + para(drawing("gone"))),
}
