"""What is too long ends where a reader would pause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.channels.shortening import CUT, in_bytes, shortened

TEXT = st.text(alphabet="红军长征出发，。！；：了的在是1934年ab ”", max_size=120)


@given(TEXT, st.integers(4, 80))
def test_it_fits_and_begins_as_the_text_does(text, most):
    for size in (len, in_bytes):
        short = shortened(text, most, size)
        assert size(short) <= most
        assert text.startswith(short.removesuffix(CUT))
        assert (short == text) == (size(text) <= most)


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("不长", 10, "不长"),
        ("红军出发了。走了两万五千里。最后到了陕北", 11, "红军出发了…"),
        ("红军出发了，走了很远很远的路才到陕北", 10, "红军出发了…"),
        ("遵义会议：危急时换对了带路人", 9, "遵义会议…"),
        ("学习马克思主义原著", 6, "学习…"),
    ],
)
def test_it_ends_after_a_sentence_a_phrase_or_a_word(text, most, short):
    assert shortened(text, most) == short


def test_bytes_are_counted_where_the_platform_counts_them():
    assert shortened("党史", 6, in_bytes) == "党史"
    assert in_bytes(shortened("党的历史" * 20, 20, in_bytes)) <= 20
