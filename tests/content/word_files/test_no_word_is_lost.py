"""Whatever a file is built of: every sign of it is in a block or in the report."""

from hypothesis import given, settings
from hypothesis import strategies as st

from content.word_files.imported import read_converted
from content.word_files.pasted import convert_paste
from tests.content.word_files.docx_files import (
    NUMBERING,
    a_png,
    cell,
    docx,
    drawing,
    para,
    part,
    run,
    style,
    table,
)
from tests.content.word_files.imports import check_balance, check_editor, read

STYLES = "".join(
    style(key, name)
    for key, name in (
        ("1", "heading 1"), ("2", "heading 2"), ("t", "Title"), ("q", "Quote"), ("c", "caption"),
        ("toc", "toc 1"),
    )
)  # fmt: skip
WORDS = st.sampled_from(
    ["甲", "一、背景", "（一）起因", "第一章 总则", "1.1 小节", "图1 会址", "表2 人数", "参考文献",
     "[1] 《书》，出版社，1985年。", "这是一句话。", "[注1]", "a < b & c", "  　空格 ", "01",
     "小结", "很长的一段" * 30, "\u00ad软", "𠀀生僻字", "答案：A"]
)  # fmt: skip
PROPS = st.sampled_from(["", "<w:b/>", "<w:vanish/>", '<w:sz w:val="40"/>', "<w:i/>"])


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


RUNS = st.builds(lambda text, props: run(escaped(text), props), WORDS, PROPS)
BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'


def inside(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    wrap = st.sampled_from(
        [
            '<w:del w:id="1">{}</w:del>',
            '<w:ins w:id="1">{}</w:ins>',
            '<w:moveFrom w:id="1">{}</w:moveFrom>',
            '<w:fldSimple w:instr="SEQ">{}</w:fldSimple>',
            '<w:fldSimple w:instr="TOC">{}</w:fldSimple>',
            '<w:hyperlink r:id="l">{}</w:hyperlink>',
            "<w:smartTag>{}</w:smartTag>",
            "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
            "<w:unknown>{}</w:unknown>",
            "<m:oMath>{}</m:oMath>",
            "<w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase><w:r><w:t>底</w:t></w:r></w:rubyBase></w:ruby></w:r>",
            "<w:r><w:pict><v:textbox><w:txbxContent><w:p>{}</w:p></w:txbxContent></v:textbox></w:pict></w:r>",
            BEGIN.format(' HYPERLINK "https://example.org" ') + "{}",
            BEGIN.format(" TOC ") + '{}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        ]
    )
    return st.builds(lambda form, text: form.replace("{}", text), wrap, inner)


SIMPLE = st.sampled_from(
    [
        drawing("p1"), drawing("gone"), "<w:r><w:br/></w:r>", "<w:r><w:tab/></w:r>",
        '<w:r><w:footnoteReference w:id="2"/></w:r>', '<w:r><w:footnoteReference w:id="3"/></w:r>',
        '<w:r><w:sym w:font="Wingdings" w:char="F0A7"/></w:r>', "<w:r><w:noBreakHyphen/></w:r>",
        "<w:r><w:drawing><c:chart r:id='x'/></w:drawing></w:r>",
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><w:txbxContent><w:p><w:r>"
        "<w:t>框</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        "<w:txbxContent><w:p><w:r><w:t>框二</w:t></w:r></w:p></w:txbxContent></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>",
    ]
)  # fmt: skip
INLINES = st.recursive(RUNS | SIMPLE, inside, max_leaves=3)
LAYOUT = st.sampled_from(
    [
        "", '<w:outlineLvl w:val="1"/>', '<w:framePr w:dropCap="drop"/>',
        '<w:ind w:left="600" w:right="600"/>',
        *(f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{key}"/></w:numPr>'
          for level in (0, 3) for key in "123"),
    ]
)  # fmt: skip
PARAGRAPHS = st.builds(
    lambda inlines, key, props: para("".join(inlines), key, props),
    st.lists(INLINES, min_size=1, max_size=3),
    st.sampled_from(["", "", "1", "2", "t", "q", "c", "toc"]),
    LAYOUT,
)
CELLS = st.builds(
    lambda inner, props: cell(*inner, props=props),
    st.lists(PARAGRAPHS, max_size=2),
    st.sampled_from(["", '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"]),
)
TABLES = st.builds(
    lambda rows: table(*map("".join, rows)),
    st.lists(st.lists(CELLS, min_size=1, max_size=10), min_size=1, max_size=4),
)
NOTES = part("footnotes", "".join(
    f'<w:footnote w:id="{key}">{para(text)}</w:footnote>'
    for key, text in (("2", "一说十八人。"), ("3", "《书》，出版社，1985年。"), ("4", "没人引用"))
))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(PARAGRAPHS | TABLES, min_size=1, max_size=8), st.booleans())
def test_every_sign_of_a_file_is_in_a_block_or_in_the_report(blocks, all_headings):
    data = docx(
        para("开头。") + "".join(blocks),
        styles=STYLES,
        numbering=NUMBERING,
        links={"l": "https://www.example.org/"},
        pictures={"p1": a_png()},
        parts={"word/footnotes.xml": NOTES, "word/header1.xml": part("hdr", para("页眉的字"))},
    )
    text = read(data)
    made, report = text.build(text.accepted_by("all" if all_headings else "certain"))
    check_balance(text, made, report)
    check_editor(made)


PASTED = st.recursive(
    WORDS.map(escaped),
    lambda inner: st.builds(
        lambda tag, texts: f"<{tag}>{''.join(texts)}</{tag.split()[0]}>",
        st.sampled_from(
            ["p", "section", "div", "b", "span style='mso-list:Ignore'", "ul", "li", "h1", "h2",
             "p style='mso-list:l0 level3'", "table", "tr", "td", "td rowspan=3", "td colspan=2",
             "caption", "a href='#_ftn1'", "a href='#_ftnref1'", "div id=ftn1", "blockquote",
             "p class=gap-chart", "p class=heading-2", "td", "tr", "table"]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(PASTED, min_size=1, max_size=6))
def test_every_sign_of_a_paste_is_in_a_block_or_in_the_report(parts):
    text = read_converted(convert_paste("<p>开头。</p>" + "".join(parts), []), "粘贴的文字")
    made, report = text.build(text.usual_choice)
    check_balance(text, made, report)
    check_editor(made)
