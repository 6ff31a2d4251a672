"""Files that nobody fills in: each with what it is refused as, or the names that are read from it.

Made here, small as they are sent; what they would unpack to is the point.
"""

import io
import zipfile

from tests.people.roster.files import HEAD, PEOPLE, bomb, separated, workbook

UNREADABLE, LARGE, EMPTY, NO_HEAD = (
    "sheet_unreadable",
    "sheet_too_large",
    "sheet_empty",
    "roster_without_head",
)
GOOD = workbook(HEAD, *PEOPLE)
ALL = ["其其格", "巴图", "乌云"]
SHEET = "xl/worksheets/sheet1.xml"
START = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = "</sheetData></worksheet>"


def with_parts(changed, data=GOOD):
    """The workbook with parts put in place of its own, or beside them."""
    stored = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {*old.namelist(), *changed}:
            new.writestr(name, changed[name] if name in changed else old.read(name))
    return stored.getvalue()


def cell(text):
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def sheet(*rows, more=""):
    told = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    return START + told + more + END


PLAIN = (["姓名", "党支部"], ["其其格", "一支部"])
ENTITY = '<!DOCTYPE x [<!ENTITY a "{}">]>' + sheet(PLAIN[0], ["&a;", "一支部"])
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + sheet(["姓名", "&a;"])
MERGED = '<mergeCell ref="A1:XFD1048576"/></worksheet>'
FORMULA = sheet(["姓名", "党支部", "流入地"]).replace(
    END, f'<row><c t="str"><f>"张"&amp;"三"</f></c>{cell("一支部")}{cell("北京")}</row>{END}'
)
LINKS = {
    "xl/externalLinks/externalLink1.xml": "<externalLink/>",
    "xl/externalLinks/_rels/externalLink1.xml.rels": "<broken",
}

FILES = {
    "zip-bomb": (bomb(), LARGE),
    "million-rows": (with_parts({SHEET: sheet(more=f"<row>{cell('x')}</row>" * 10**6)}), LARGE),
    "million-blank-rows": (with_parts({SHEET: sheet(*PLAIN, more="<row/>" * 10**6)}), ["其其格"]),
    "formulas": (with_parts({SHEET: FORMULA}), [""]),
    "macros": (with_parts({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 99}), ALL),
    "external-links": (with_parts(LINKS), ALL),
    "broken-xml": (with_parts({SHEET: START + "<row><c>"}), UNREADABLE),
    "cut-off": (GOOD[: len(GOOD) // 2], UNREADABLE),
    "no-workbook": (with_parts({"xl/workbook.xml": "nothing"}), UNREADABLE),
    "entities": (with_parts({SHEET: ENTITY.format("a" * 99)}), UNREADABLE),
    "entity-of-a-file": (with_parts({SHEET: OUTSIDE}), UNREADABLE),
    "password": (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), UNREADABLE),
    "too-many-bytes": (b"a" * (20 * 1024**2 + 1), LARGE),
    "long-strings": (with_parts({"xl/sharedStrings.xml": "a" * (40 * 1024**2)}), LARGE),
    "many-sheets": (workbook(*PLAIN, more={f"表{n}": PLAIN for n in range(51)}), LARGE),
    "head-in-row-30": (workbook(*[("填报说明",)] * 29, *PLAIN, title=""), ["其其格"]),
    "head-in-row-31": (workbook(*[("填报说明",)] * 30, *PLAIN, title=""), NO_HEAD),
    "empty": (workbook(title=""), EMPTY),
    "nothing": (b"", EMPTY),
    "wrong-encoding": ("姓名,党支部\n其其格,一支部".encode("utf-16-le"), UNREADABLE),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", UNREADABLE),
    "wide-row": (with_parts({SHEET: sheet(*PLAIN, ["宽"] * 16_000)}), ["其其格", "宽"]),
    "merged-over-all": (
        with_parts({SHEET: sheet(*PLAIN).replace("</worksheet>", MERGED)}),
        ["其其格"],
    ),
    "open-quote": (separated(("姓名", "党支部"), ('"其其格', "x" * 10**6)), UNREADABLE),
}
