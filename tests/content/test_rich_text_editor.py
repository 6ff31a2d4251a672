"""Two people at the desk at the same moment: each sees the words of the page that was opened."""

import json

import pytest
from wagtail.admin.rich_text import get_rich_text_editor_widget
from wagtail.admin.rich_text.converters.html_to_contentstate import HtmlToContentStateHandler
from wagtail.admin.telepath import registry

from studyhub.core.errors import Invalid


@pytest.fixture
def editor():
    return get_rich_text_editor_widget("default")


def words(state):
    return [block["text"] for block in json.loads(state)["blocks"]]


def test_words_of_a_page_opened_meanwhile_do_not_get_in(editor, monkeypatch):
    others = []
    read_on = HtmlToContentStateHandler.handle_data

    def somebody_opens_another_page(self, data):
        if not others:
            others.append("")
            others.append(editor.format_value("<p>乙的第一段</p><p>乙的第二段</p>"))
        read_on(self, data)

    monkeypatch.setattr(HtmlToContentStateHandler, "handle_data", somebody_opens_another_page)
    mine = editor.format_value("<p>甲的第一段</p><p>甲的第二段</p>")

    assert words(mine) == ["甲的第一段", "甲的第二段"]
    assert words(others[1]) == ["乙的第一段", "乙的第二段"]


@pytest.mark.parametrize("cut", ["", "{", '{"blocks": 1}', "[]", "1", "\x00", "甲乙"])
def test_a_text_that_was_cut_off_on_its_way_is_refused(editor, cut):
    with pytest.raises(Invalid, match="没有保存"):
        editor.value_from_datadict({"text": cut}, {}, "text")


def test_a_field_that_was_not_sent_is_no_text(editor):
    assert editor.value_from_datadict({}, {}, "text") is None


def test_the_desk_knows_the_editor_by_its_own_script(editor):
    adapter = registry.find_adapter(type(editor))
    assert adapter.js_constructor == "wagtail.widgets.DraftailRichTextArea"


@pytest.mark.parametrize(
    "html",
    [
        "<p>甲<br>乙丙丁</p>",
        "<p>甲<img src=x>乙</p><p>丙丁",
        "<p>甲<b>乙</p><p>丙</b>丁</p>",
        "<div>甲</div>乙</p><ul><li>丙<li>丁</ul>",
        "<p>甲乙</p><a linktype='gone' id='x'>丙丁",
    ],
)
def test_a_text_whose_marks_do_not_close_opens_with_all_its_words(editor, html):
    assert "".join("".join(words(editor.format_value(html))).split()) == "甲乙丙丁"
