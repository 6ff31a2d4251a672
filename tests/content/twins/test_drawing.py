"""Mongolian drawn for phones that do not join its letters."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from content.twins import drawing
from tests.content.twins.way import WORD

pytestmark = pytest.mark.skipif(not drawing.draws(), reason="Pillow has no Raqm here")
TEXT = f"{WORD} 12 {WORD}\u202f\u1824\u1828 1935 旗 GDP {WORD}\u180e\u1820\u1802 {WORD}\u1803 "


def pictures(*paragraphs, heading=""):
    return [Image.open(BytesIO(one)) for one in drawing.draw(heading, paragraphs)]


def ink(picture):
    return picture.convert("RGBA").getchannel("A")


def test_columns_run_downwards_and_from_left_to_right():
    [one] = pictures(WORD, TEXT * 20)
    assert one.height == drawing.COLUMN
    alone = ink(one).crop((0, 0, drawing.PITCH, one.height)).getbbox()
    assert alone[3] - alone[1] > 2 * (alone[2] - alone[0])  # the first line: one word, downwards
    assert alone[3] < one.height / 3
    [whole] = pictures(TEXT * 20)
    columns = (whole.width // drawing.PITCH,)
    last = ink(whole).crop(((columns[0] - 1) * drawing.PITCH, 0, whole.width, whole.height))
    first = ink(whole).crop((0, 0, drawing.PITCH, whole.height))
    assert first.getbbox()[3] > last.getbbox()[3]  # the last one is not full


def test_letters_are_joined():
    [word] = pictures(WORD)
    apart = sum(ink(pictures(letter)[0]).getbbox()[3] for letter in WORD)
    assert ink(word).getbbox()[3] < 0.8 * apart


def test_it_is_ink_on_nothing():
    [one] = pictures(TEXT)
    assert one.convert("RGBA").getpixel((one.width - 1, one.height - 1)) == (0, 0, 0, 0)
    assert {pixel[:3] for _, pixel in one.convert("RGBA").getcolors(1 << 20)} == {(0, 0, 0)}


def test_the_same_words_are_the_same_bytes_under_the_same_name():
    assert drawing.draw(WORD, [TEXT]) == drawing.draw(WORD, [TEXT])
    keys = {
        drawing.key_of(*one)
        for one in [(WORD, [TEXT]), ("", [WORD, TEXT]), (WORD, [f"{TEXT}{WORD}"]), (WORD, [])]
    }
    assert len(keys) == 4


def test_a_long_text_is_several_pictures_that_an_old_phone_draws():
    found = pictures(*[TEXT * 8] * 30)
    assert len(found) > 1
    assert all(one.width <= 4096 for one in found)


def test_a_page_of_it_is_few_bytes():
    [one] = drawing.draw(WORD, [TEXT * 30])
    assert len(one) < 40_000


SIGNS = st.sampled_from([*WORD, " ", "\u202f\u1824", "\u180e\u1820", "12", "1935", "旗", "a", "，"])


@given(st.lists(SIGNS, max_size=120).map("".join), st.booleans())
def test_no_sign_is_lost_between_columns_and_none_is_too_long(text, is_heading):
    size = round(drawing.SIZE * drawing.HEADING) if is_heading else drawing.SIZE
    columns = drawing._columns(text, size)
    told = "".join(piece.text for _, pieces in columns for piece in pieces)
    assert told.replace(" ", "") == text.replace(" ", "")
    for _, pieces in columns:
        without_end = [one for one in pieces if one.text.strip(" ")]
        assert drawing._length(without_end, size) <= drawing.COLUMN
