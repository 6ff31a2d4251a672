"""A whole text from the clipboard: its paragraphs, its lists, and nothing that runs."""

import json
import re
from html import escape
from html.parser import HTMLParser

import pytest

from content.word_files.blocks import texts_of
from content.word_files.imported import read_converted
from content.word_files.pasted import convert_paste
from studyhub.core.errors import Invalid
from tests.content.word_files.docx_files import a_png, docx, para, part, run
from tests.content.word_files.imports import (
    built,
    check_balance,
    dropped,
    kinds,
    sections,
    values,
)
from tests.payloads import PAYLOADS

STORED = {"p", "ul", "ol", "li", "b", "br", "a"}


def pasted(html: str, pictures: list[bytes] | None = None):
    text = read_converted(convert_paste(html, pictures or []), "粘贴的文字")
    made, report = text.build(text.usual_choice)
    check_balance(text, made, report)
    return made, report


class Marks(HTMLParser):
    """The elements and attributes of stored rich text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        self.attributes += attrs


def check_harmless(made) -> None:
    for block in made.blocks:
        if block["type"] in ("section", "paragraphs"):
            marks = Marks(block["value"]["text"])
            assert marks.found <= STORED
            assert all(name == "href" for name, _ in marks.attributes)
            assert all(re.match("https?://", value or "") for _, value in marks.attributes)


def test_nothing_that_runs_comes_in_by_paste():
    for payload in PAYLOADS:
        made, _ = pasted(f"<p>甲。</p>{payload}<p>乙。</p>")
        check_harmless(made)


def test_nothing_that_runs_comes_in_by_a_file():
    for payload in PAYLOADS:
        made, _ = built(a_file_of(payload))
        check_harmless(made)


def a_file_of(payload):
    """In its text, in a link, in a note."""
    words = escape(payload)
    body = para("甲。" + words) + para(f'<w:hyperlink r:id="l">{run(words)}</w:hyperlink>')
    body += para(run("注") + '<w:r><w:footnoteReference w:id="2"/></w:r>')
    notes = f'<w:footnote w:id="2">{para(words)}</w:footnote>'
    return docx(body, links={"l": words}, parts={"word/footnotes.xml": part("footnotes", notes)})


def test_of_word_lists_are_lists_and_notes_are_notes():
    html = (
        "<!--StartFragment--><style>p.MsoNormal{}</style>"
        "<p class=MsoTitle>遵义会议</p><p class=MsoNormal>到会\r\n二十人"
        '<a href="#_ftn1" name="_ftnref1">[1]</a>。</p>'
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]>"
        "<span style='mso-list:Ignore'>1.<span>&nbsp;</span></span><![endif]>第一点</p>"
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>"
        "<span style='mso-list:Ignore'>2.</span>第二点</p>"
        '<div id="ftn1"><p class=MsoFootnoteText><a href="#_ftnref1">[1]</a>一说十八人。</p></div>'
    )
    made, report = pasted(html)
    assert made.title == "遵义会议"
    text = "<p>到会二十人[注1]。</p><ol><li>第一点</li><li>第二点</li></ol>"
    assert sections(made) == [("正文", text)]
    assert values(made, "notes")[0]["items"] == [{"mark": "注1", "text": "一说十八人。"}]
    assert set(dropped(report)) == {
        "列表的编号或圆点（改成列表）",
        "注释的标记（换成“注1”）",
    }


def test_of_a_wechat_article_sections_are_paragraphs_and_pictures_are_gaps():
    html = (
        '<section><section><span leaf="">第一段。</span></section><section><span leaf="">第二段。'
        '</span></section></section><section>01</section><p><img data-src="https://mmbiz.qpic.cn/x">'
        "</p><p>第三段。</p>"
    )
    made, report = pasted(html)
    assert kinds(made) == ["section", "gap", "paragraphs"]
    assert sections(made)[0][1] == "<p>第一段。</p><p>第二段。</p>"
    assert dropped(report) == {"标题旁的数字编号": "01"}


def test_of_wps_words_and_bold_stay():
    html = (
        "<p class=MsoNormal><b><span style=\"mso-spacerun:'yes';font-size:22.0000pt;\">"
        "<font face='宋体'>一、背景</font></span></b><o:p></o:p></p><p class=MsoNormal>甲。</p>"
        "<p><span style='font-weight:bold'>二、经过</span></p><p>乙。</p>"
    )
    made, _ = pasted(html)
    assert sections(made) == [("一、背景", "<p>甲。</p>"), ("二、经过", "<p>乙。</p>")]


def test_plain_words_are_paragraphs():
    made, _ = pasted("第一段。\n第二段 a < b。")
    assert sections(made)[0][1] == "<p>第一段。</p><p>第二段 a &lt; b。</p>"


def test_a_pasted_picture_comes_as_a_file():
    made, _ = pasted('<p>甲。</p><img src="picture:0"><img src="picture:7">', [a_png()])
    assert kinds(made) == ["section", "picture", "gap"]


def test_a_table_is_a_table_and_its_caption_is_kept():
    rows = "<tr><th>年</th><th>人</th></tr><tr><td>1935</td><td>20</td></tr>"
    made, _ = pasted(f"<p>甲。</p><table><caption>到会</caption>{rows}</table>")
    [cells] = [value["cells"] for value in values(made, "table")]
    assert (cells["table_caption"], cells["data"]) == ("到会", [["年", "人"], ["1935", "20"]])
    assert cells["first_row_is_table_header"]


@pytest.mark.parametrize(
    "html", ["", "   ", "<p>x" * 5001, "<div>" * 61 + "x", "甲" * 800_000, "<script>x</script>"]
)
def test_too_much_or_nothing_is_refused_in_a_sentence(html):
    with pytest.raises(Invalid) as refused:
        read_converted(convert_paste(html, []), "粘贴的文字")
    assert refused.value.detail.endswith("。")


def test_a_report_holds_the_words_of_what_was_left_out_as_text():
    _, report = pasted("<p>甲。</p><section>07</section>")
    stored = json.dumps(report.as_json(), ensure_ascii=False)
    assert "07" in stored
    assert [*texts_of({"type": "gap", "value": {"kind": "x", "text": "y"}})] == ["y"]
