"""The printed sheet: all that is on the page, no markup from text, the same bytes, no missing
character in any lesson of the demo."""

import contextlib
import json
import re
import tomllib
import zlib
from pathlib import Path

import pytest

from content import catalogue, printed_lesson
from tests import factories as make
from tests.web.factories import a_full_lesson

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted((ROOT / "content/starter/lessons").glob("*.toml"))


def built(page):
    return printed_lesson.build_printed_lesson(catalogue.content(page.translation_key))


def told(page):
    return printed_lesson._sheet_data(catalogue.content(page.translation_key), {})


def test_a_lesson_with_every_block_becomes_a_pdf_with_our_font_only():
    pdf = built(a_full_lesson(course=make.a_course()))
    assert pdf.startswith(b"%PDF-")
    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([\w-]+)", unpacked(pdf)))
    assert {name.removesuffix(b"-Identity-H") for name in fonts} == {b"NotoSansCJKsc-Regular"}


def unpacked(pdf):
    """What stands in the compressed parts."""
    parts = [pdf]
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompress(part))
    return b"".join(parts)


def test_built_twice_it_is_the_same_to_the_byte():
    page = make.a_lesson()
    assert built(page) == built(page)


@pytest.mark.parametrize(
    "text", ['#image("/etc/passwd")', "*a* _b_ $x$ `c` @d <e> \\ // /* [", "= 标题", "{{ x }}"]
)
def test_text_is_never_read_as_markup(text):
    page = make.a_lesson(title=text, body=[make.section("第一节", text=f"<p>{text}</p>")])
    assert built(page).startswith(b"%PDF-")
    assert told(page)["title"] == text


def test_the_words_of_every_block_reach_the_sheet():
    said = json.dumps(told(a_full_lesson(course=make.a_course())), ensure_ascii=False)
    for words in ("第一节的正文", "翻山", "那一年雪很大", "1934年", "马灯", "于都", "史实卡"):
        assert words in said


def test_answers_stand_apart_from_the_questions():
    question, *_ = told(make.a_lesson())["quiz"]["questions"]
    assert question["answer"] == "遵义"
    assert question["options"] == ["遵义", "延安", "瑞金"]


def test_a_character_our_font_lacks_is_told_by_number_and_breaks_nothing():
    page = make.a_lesson(title="𠀾祥草原")
    assert told(page)["missing"] == ["U+2003E"]
    assert built(page).startswith(b"%PDF-")


@pytest.mark.parametrize("character", "䶮𬭎𬱖𬀩𠮷㐂堃")
def test_a_rare_name_is_drawn_with_its_own_glyph(character):
    page = make.a_lesson(title=f"{character}明")
    assert told(page)["missing"] == []
    assert f"{ord(character):X}" in drawn_characters(built(page))


def test_a_sheet_is_set_anew_when_the_font_grows(monkeypatch, tmp_path):
    before = printed_lesson._looks.__wrapped__()
    (tmp_path / "covered.txt").write_text("一", "utf-8")
    monkeypatch.setattr(printed_lesson, "FONTS", tmp_path)
    assert printed_lesson._looks.__wrapped__() != before


def drawn_characters(pdf):
    """In hexadecimal, from the tables that say which glyph is which character (UTF-16)."""
    texts = re.findall(rb"beginbf(?:char|range)(.*?)endbf", unpacked(pdf), re.DOTALL)
    codes = re.findall(rb"<([0-9A-Fa-f]+)>", b"".join(texts))
    units = [bytes.fromhex(code.decode()) for code in codes if len(code) % 4 == 0]
    return {f"{ord(c):X}" for unit in units for c in unit.decode("utf-16-be", "ignore")}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_our_font_draws_every_character_of_the_demo(path):
    text = path.read_text("utf-8")
    tomllib.loads(text)
    assert printed_lesson.missing_characters(text.replace("\n", "")) == []
