"""Where pictures and marks lie in a sheet, also in files that say it strangely."""

import io
import zipfile

import pytest
from lxml import etree

from studyhub.core.errors import Invalid
from studyhub.core.sheets import drawings, marks, reading


def a_row(inside):
    return drawings._row(etree.fromstring(f"<anchor>{inside}</anchor>"))


def an_archive(**parts):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in parts.items():
            archive.writestr(f"{name}.xml", text)
    return zipfile.ZipFile(held)


@pytest.mark.parametrize(
    ("inside", "row"),
    [
        ("<from><row>4</row></from>", 5),
        ("<from><row>x</row></from>", 0),
        ("<from><row/></from>", 0),
        ("<from></from>", 0),
        ("<to><row>4</row></to>", 0),
    ],
)
def test_a_picture_lies_in_the_row_its_anchor_names_or_in_none(inside, row):
    assert a_row(inside) == row


def test_a_part_that_says_too_much_is_not_read(monkeypatch):
    monkeypatch.setattr(drawings, "MOST_BYTES", 3)
    with pytest.raises(ValueError, match="too much"):
        drawings._root(an_archive(a="<a>long</a>"), "a.xml")
    assert drawings._root(an_archive(a="<a/>"), "b.xml") == ()


def test_other_files_than_workbooks_have_neither_pictures_nor_marks():
    assert reading.read_marks(b"a,b\n1,2\n") == reading.NO_MARKS
    assert reading.read_drawings(b"a,b\n1,2\n") == reading.NO_DRAWINGS


def test_marks_beyond_what_anybody_reads_are_not_looked_for(monkeypatch):
    monkeypatch.setattr(marks, "MOST", 0)
    hidden = b'<row r="1" hidden="1"></row>'
    assert marks.marks_of(io.BytesIO(hidden)).hidden == {1}


def test_bytes_in_no_encoding_are_refused_in_words():
    with pytest.raises(Invalid) as caught:
        reading.read_sheet(b"\xff\xff\xff")
    assert caught.value.code == "sheet_unreadable"
