"""Whatever an office sends is rows, or a sentence that says what to do."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from studyhub.core.errors import Invalid
from studyhub.core.sheets import merged
from studyhub.core.sheets.reading import MOST_ROWS, read_sheet
from tests.people.roster.files import HEAD, PEOPLE, bomb, separated, workbook


def full(rows):
    return [row for row in rows if any(row)]


@pytest.mark.parametrize(
    "data",
    [
        separated(HEAD, *PEOPLE),
        separated(HEAD, *PEOPLE, encoding="utf-8-sig"),
        separated(HEAD, *PEOPLE, encoding="utf-8"),
        separated(HEAD, *PEOPLE, encoding="utf-16"),
        separated(HEAD, *PEOPLE, mark="\t"),
        separated(HEAD, *PEOPLE, mark=";"),
        workbook(HEAD, *PEOPLE, title=""),
        workbook(HEAD, *PEOPLE, title="", sheets=["空的", "也是空的"]),
    ],
)
def test_the_same_people_come_out_of_every_kind_of_file(data):
    assert full(read_sheet(data).rows) == [list(HEAD), *map(list, PEOPLE)]


def test_cells_are_text_as_one_reads_them():
    cells = [13800000001, 13800000002.0, date(2021, 9, 3), "a\nb", True, None, "乙"]
    [row] = full(read_sheet(workbook(cells, title="")).rows)
    assert row == ["13800000001", "13800000002", "2021-09-03", "a b", "True", "", "乙"]


def test_a_formula_is_what_it_came_to_and_never_what_it_does():
    [row] = full(read_sheet(workbook(['=HYPERLINK("http://x/","y")', "巴图"], title="")).rows)
    assert row == ["", "巴图"]


def odd_workbook(**parts):
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return stored.getvalue()


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "sheet_empty"),
        (b"\r\n,,,\r\n", "sheet_empty"),
        (workbook(title=""), "sheet_empty"),
        (b"PK\x03\x04 and no more", "sheet_unreadable"),
        (odd_workbook(a="b"), "sheet_unreadable"),
        (odd_workbook(**{"[Content_Types].xml": ENTITIES}), "sheet_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "sheet_unreadable"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "sheet_unreadable"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "sheet_unreadable"),
        (b"%PDF-1.7\0\x01", "sheet_unreadable"),
        (b"a" * (20 * 1024**2 + 1), "sheet_too_large"),
        (separated(*[("其其格",)] * (MOST_ROWS + 1)), "sheet_too_large"),
        (bomb(), "sheet_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_in_words(data, code):
    with pytest.raises(Invalid) as refused:
        read_sheet(data)
    assert refused.value.code == code
    assert "请" in refused.value.detail


def test_a_locked_file_is_told_from_a_broken_one():
    locked = b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Invalid, match="密码"):
        read_sheet(locked)


def test_blank_rows_without_end_are_no_long_file():
    data = separated(HEAD, *PEOPLE) + b"\r\n" * (MOST_ROWS * 3)
    assert len(full(read_sheet(data).rows)) == 4


def test_merged_cells_say_the_same_and_blank_rows_stay_blank():
    rows = [["a", "x"], ["b"], [], ["c", ""], ["d", ""]]
    merged.fill(rows, [(0, 3, 1), (0, 3, 7), (9, 12, 0)])
    assert rows == [["a", "x"], ["b", "x"], [], ["c", "x"], ["d", ""]]


@pytest.mark.parametrize(
    "spans",
    [[(0, 10**6, 0)] * (merged.MOST_FILLED // 99 + 1), [(0, 0, 0)] * (merged.MOST_SPANS + 2)],
    ids=["overlapping", "many"],
)
def test_merged_cells_without_end_are_refused(spans):
    with pytest.raises(Invalid, match="合并"):
        merged.fill([["a"] for _ in range(100)], spans)


def test_a_broken_span_is_refused_in_words():
    data = workbook(HEAD, merged=["A1:A2"])
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'"A1:A2"', b'"everything"'))
    with pytest.raises(Invalid, match="读不懂"):
        read_sheet(packed.getvalue())


def test_an_old_workbook_is_read_with_its_merged_cells():
    """``merged.xls``: an empty sheet, three people of one merged branch, one more sheet."""
    sheet = read_sheet(Path(__file__).with_name("merged.xls").read_bytes())
    assert (sheet.name, sheet.others) == ("一月", ["二月"])
    assert sheet.rows[0] == ["姓名", "电话", "党支部", "外出时间"]
    assert sheet.rows[1:] == [
        [f"人{row}", f"1380000000{row}", "一支部", "2021-09-03"] for row in (1, 2, 3)
    ]
