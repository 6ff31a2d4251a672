"""Rich text becomes paragraphs and lists; what it may not hold leaves no trace but its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.element_html import runs_html
from content.elements import Item, List, Paragraph, Run
from content.rich_text import rich_text


def paragraph(*runs):
    return Paragraph(tuple(Run(*run) if isinstance(run, tuple) else Run(run) for run in runs))


def test_paragraphs_keep_their_marks():
    assert rich_text("<p>一<b>二</b>三</p>") == (paragraph("一", ("二", True), "三"),)


def test_a_space_between_two_marked_words_stays():
    (found,) = rich_text("<p><b>Karl</b> <b>Marx</b></p>")
    assert found.text == "Karl Marx"


def test_a_line_break_stays_inside_its_paragraph():
    assert rich_text("<p>六<br/>七</p>") == (paragraph("六\n七"),)


def test_lists_keep_their_order_and_what_stands_below_an_item():
    found = rich_text("<ol><li>甲<ul><li>乙</li></ul></li><li>丙</li></ol>")
    inner = List((Item((Run("乙"),)),))
    assert found == (List((Item((Run("甲"),), inner), Item((Run("丙"),))), ordered=True),)


def test_a_second_list_below_an_item_goes_on_with_the_first():
    (found,) = rich_text("<ul><li>甲<ul><li>乙</li></ul><ol><li>丙</li></ol></li></ul>")
    assert found.items[0].inner == List((Item((Run("乙"),)), Item((Run("丙"),))))


def test_empty_paragraphs_and_lists_are_left_out():
    assert rich_text("<p> </p><ul></ul><p><br/></p><p>字</p>") == (paragraph("字"),)


def test_a_link_keeps_its_address():
    assert rich_text('<p><a href="/courses/">课</a></p>') == (
        paragraph(("课", False, "/courses/")),
    )


@pytest.mark.parametrize("href", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x"])
def test_a_link_that_could_run_something_keeps_only_its_words(href):
    assert rich_text(f'<p><a href="{href}">点</a></p>') == (paragraph("点"),)


def test_script_and_style_say_nothing():
    html = "<p>前<script>alert(1)</script><style>p{}</style>后</p>"
    assert rich_text(html) == (paragraph("前后"),)


def test_unknown_tags_keep_their_words():
    assert rich_text("<p>一<mark onclick='x()'>二</mark></p>") == (paragraph("一二"),)


@given(st.text(alphabet="字ab <>/&'\"pliuo=", max_size=60))
def test_whatever_stands_in_the_database_leaves_as_text(html):
    shown = "".join(runs_html(e.runs) for e in rich_text(html) if isinstance(e, Paragraph))
    bare = shown
    for tag in ("<b>", "</b>", "<br>", "</a>"):
        bare = bare.replace(tag, "")
    assert "<" not in bare.replace('<a href="', "")
