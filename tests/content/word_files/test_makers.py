"""What Word, WPS, LibreOffice and programs write, as blocks: each to the character."""

from io import BytesIO

import docx as python_docx
import pytest

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
from tests.content.word_files.imports import built, dropped, kinds, sections, values

HEADINGS_OF_WORD = style("1", "heading 1") + style("2", "heading 2") + style("10", "Title")
HEADINGS_OF_WPS = style("2", "heading 1") + style("3", "heading 2") + style("1", "Normal")


def two_sections(inside: str) -> str:
    return para("背景", "1") + inside + para("经过", "1") + para("会开了三天。")


def test_words_own_styles_make_sections_and_a_title():
    body = para("遵义会议", "10") + two_sections(para("红军到了遵义。"))
    made, report = built(docx(body, styles=HEADINGS_OF_WORD))
    assert made.title == "遵义会议"
    assert sections(made) == [("背景", "<p>红军到了遵义。</p>"), ("经过", "<p>会开了三天。</p>")]
    assert report.losses.dropped == []


def test_wps_counts_its_style_ids_one_further():
    body = para("背景", "2") + para("正文。", "1") + para("小标题", "3") + para("经过", "2")
    made, _ = built(docx(body + para("三天。"), styles=HEADINGS_OF_WPS))
    assert [heading for heading, _ in sections(made)] == ["背景", "经过"]
    assert "<p><b>小标题</b></p>" in sections(made)[0][1]


def test_python_docx_writes_what_is_read():
    file = python_docx.Document()
    file.add_heading("遵义会议", 0)
    for heading in ("背景", "经过"):
        file.add_heading(heading, 1)
        file.add_paragraph("红军").add_run("长征").bold = True
        file.add_paragraph("一点", style="List Bullet")
        file.add_paragraph("又一点", style="List Number")
        file.add_paragraph("星星之火，可以燎原。", style="Quote")
    out = BytesIO()
    file.save(out)
    made, _ = built(out.getvalue())
    assert made.title == "遵义会议"
    assert kinds(made) == ["section", "quotation"] * 2
    text = "<p>红军<b>长征</b></p><ul><li>一点</li></ul><ol><li>又一点</li></ol>"
    assert sections(made)[0] == ("背景", text)


def test_libreoffices_heading_styles_have_names_of_their_own():
    styles = (
        style("Heading", "Heading")
        + style("Heading1", "heading 1", '<w:basedOn w:val="Heading"/>')
        + style("BlockText", "Quotations")
    )
    body = para("背景", "Heading1") + para("引的话。", "BlockText") + para("经过", "Heading1")
    made, _ = built(docx(body + para("三天。"), styles=styles))
    assert kinds(made) == ["section", "quotation", "section"]


def test_a_house_style_based_on_a_heading_is_one():
    styles = HEADINGS_OF_WORD + style("x", "光-1标题", '<w:basedOn w:val="1"/>')
    made, _ = built(docx(para("背景", "x") + para("甲。") + para("经过", "x"), styles=styles))
    assert [heading for heading, _ in sections(made)] == ["背景", "经过"]


def test_an_outline_level_alone_makes_a_heading_where_there_are_words():
    level = '<w:outlineLvl w:val="0"/>'
    body = para("背景", props=level) + para("甲。") + f"<w:p><w:pPr>{level}</w:pPr></w:p>"
    made, _ = built(docx(body + para("经过", props=level) + para("乙。")))
    assert sections(made) == [("背景", "<p>甲。</p>"), ("经过", "<p>乙。</p>")]


def test_a_sentence_in_a_heading_style_stays_text():
    body = two_sections(para("这是一整句话，不是标题。", "1"))
    made, report = built(docx(body, styles=HEADINGS_OF_WORD))
    assert len(sections(made)) == 2
    assert "太长或者像句子的标题（留作正文）" in report.losses.changed


def test_lines_that_look_like_headings_are_taken_where_there_are_no_others():
    body = "".join(
        para(f"{number}、{name}") + para("讲清楚来龙去脉。")
        for number, name in zip("一二三", ("背景", "经过", "意义"), strict=True)
    )
    made, report = built(docx(body))
    assert [heading for heading, _ in sections(made)] == ["一、背景", "二、经过", "三、意义"]
    assert any("没有用标题样式" in one for one in report.losses.warnings)


def test_beside_real_headings_lines_that_look_like_some_are_only_named():
    bold = para("（一）起因", look="<w:b/>") + para("（二）结果", look="<w:b/>")
    data = docx(two_sections(bold), styles=HEADINGS_OF_WORD)
    made, report = built(data)
    assert len(sections(made)) == 2
    assert any("没有当作标题：（一）起因" in one for one in report.losses.warnings)
    assert "<p><b>（一）起因</b></p>" in sections(built(data, headings="all")[0])[0][1]


def test_a_caption_in_a_text_box_is_read_once_and_joins_its_picture():
    box = f"<w:txbxContent>{para('图1 遵义会议会址')}</w:txbxContent>"
    caption = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:anchor><a:graphic>"
        f"<a:graphicData><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic>"
        "</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"{box}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = two_sections(para("先说。") + para(drawing("p1") + caption) + para("后说。"))
    made, report = built(docx(body, styles=HEADINGS_OF_WORD, pictures={"p1": a_png()}))
    [picture] = values(made, "picture")
    assert (picture["caption"], picture["source"], picture["alt"]) == ("图1 遵义会议会址", "", "")
    assert kinds(made) == ["section", "picture", "paragraphs", "section"]
    assert dropped(report) == {"同一段文字的备用副本": "图1 遵义会议会址"}


def test_of_ruby_the_word_stays_and_the_reading_is_named():
    ruby = (
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('yáo')}</w:rt>"
        f"<w:rubyBase>{run('窑')}</w:rubyBase></w:ruby></w:r>"
    )
    made, report = built(docx(para(run("延安的") + ruby + run("洞"))))
    assert sections(made)[0][1] == "<p>延安的窑洞</p>"
    assert dropped(report) == {"注音": "yáo"}


def test_numbers_in_simple_fields_stay():
    field = f'<w:fldSimple w:instr=" SEQ 图 ">{run("7")}</w:fldSimple>'
    made, _ = built(docx(para(run("见图") + field + run("所示。"))))
    assert sections(made)[0][1] == "<p>见图7所示。</p>"


def test_hidden_text_is_left_out_and_named():
    body = para(run("看得见。") + run("看不见", "<w:vanish/>"))
    made, report = built(docx(body))
    assert sections(made)[0][1] == "<p>看得见。</p>"
    assert dropped(report) == {"隐藏文字": "看不见"}


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        ("<a:graphic><a:graphicData><c:chart r:id='x'/></a:graphicData></a:graphic>", "chart"),
        ("<a:graphic><a:graphicData><pic:pic><a:blip r:link='x'/></pic:pic></a:graphicData>"
         "</a:graphic>", "linked"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_a_gap_where_it_stood(inside, kind):
    shape = f"<w:r><w:drawing><wp:inline>{inside}</wp:inline></w:drawing></w:r>"
    body = two_sections(para("先说。") + para(shape) + para("后说。"))
    made, report = built(docx(body, styles=HEADINGS_OF_WORD))
    assert kinds(made) == ["section", "gap", "paragraphs", "section"]
    assert values(made, "gap")[0]["kind"] == kind
    assert any("“缺的内容”" in one for one in report.open_questions)


def test_a_formula_stays_as_a_line_and_asks_for_a_picture():
    power = (
        "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
    )
    made, _ = built(docx(para(run("设") + f"<m:oMath>{power}</m:oMath>" + run("大于零。"))))
    assert sections(made)[0][1] == "<p>设x^2大于零。</p>"
    assert values(made, "gap") == [{"kind": "formula", "words": "x^2", "text": ""}]


def test_of_tracked_changes_what_was_put_in_stays_and_what_was_taken_out_is_named():
    body = para(
        run("会开了")
        + '<w:del w:id="1"><w:r><w:delText>两</w:delText></w:r></w:del>'
        + f'<w:ins w:id="2">{run("三")}</w:ins>'
        + run("天。")
    )
    made, report = built(docx(body))
    assert sections(made)[0][1] == "<p>会开了三天。</p>"
    assert dropped(report) == {"修订中删去的文字": "两"}
    assert any("修订" in one for one in report.losses.warnings)


def note(kind: str, key: str, text: str) -> str:
    return f'<w:{kind} w:id="{key}">{para(text)}</w:{kind}>'


def mark(kind: str, key: str) -> str:
    return f'<w:r><w:{kind}Reference w:id="{key}"/></w:r>'


def test_notes_stand_at_the_end_of_their_section_and_those_that_only_cite_are_sources():
    body = two_sections(para(run("到会二十人") + mark("footnote", "2") + run("。")))
    body += para(run("史书有载") + mark("endnote", "2") + mark("footnote", "3") + run("。"))
    parts = {
        "word/footnotes.xml": part(
            "footnotes",
            '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
            + note("footnote", "2", "一说十八人，说法不一。")
            + note("footnote", "3", "《遵义会议资料汇编》，人民出版社，1985年，第12页。"),
        ),
        "word/endnotes.xml": part("endnotes", note("endnote", "2", "另有记载说是四天。")),
    }
    made, report = built(docx(body, styles=HEADINGS_OF_WORD, parts=parts))
    assert kinds(made) == ["section", "notes", "section", "notes", "sources"]
    assert sections(made)[0][1] == "<p>到会二十人[注1]。</p>"
    assert values(made, "notes")[0]["items"] == [{"mark": "注1", "text": "一说十八人，说法不一。"}]
    assert "史书有载[注2]。" in sections(made)[1][1]
    assert values(made, "sources")[0]["items"][0]["title"].startswith("《遵义会议资料汇编》")
    assert report.losses.dropped == []


def listed(text: str, key: str, level: int = 0, style: str = "") -> str:
    props = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{key}"/></w:numPr>'
    return para(text, style, props)


def test_lists_deeper_than_two_levels_carry_a_mark():
    body = "".join(listed(text, "1", level) for level, text in enumerate("甲乙丙")) + para("完。")
    made, _ = built(docx(body, numbering=NUMBERING))
    expected = "<ul><li>甲<ul><li>乙</li><li>· 丙</li></ul></li></ul><p>完。</p>"
    assert sections(made)[0][1] == expected


def test_automatic_numbers_that_our_lists_cannot_say_are_written_out():
    body = listed("背景", "2", style="1") + listed("甲。", "3") + para("中间。")
    body += listed("乙。", "3") + listed("经过", "2", style="1") + listed("无号", "0")
    made, report = built(docx(body, styles=HEADINGS_OF_WORD, numbering=NUMBERING))
    assert sections(made) == [
        ("一、背景", "<ol><li>甲。</li></ol><p>中间。</p><p>2. 乙。</p>"),
        ("二、经过", "<p>无号</p>"),
    ]
    assert report.ledger.added == len("一、2.二、")


def test_merged_cells_are_repeated_and_counted():
    rows = (
        cell("年份", props='<w:gridSpan w:val="2"/>') + cell("人数"),
        cell("一九三五", props='<w:vMerge w:val="restart"/>') + cell("一月") + cell("二十"),
        cell(props="<w:vMerge/>") + cell("二月") + cell("三十"),
    )
    body = two_sections(para("先说。") + para("表1 到会的人") + table(*rows) + para("后面的话。"))
    made, report = built(docx(body, styles=HEADINGS_OF_WORD))
    [grid] = values(made, "table")
    assert grid["cells"]["table_caption"] == "表1 到会的人"
    assert grid["cells"]["data"] == [
        ["年份", "年份", "人数"],
        ["一九三五", "一月", "二十"],
        ["一九三五", "二月", "三十"],
    ]
    assert report.losses.changed["合并单元格（每格重复一遍）"] == 2
    assert kinds(made) == ["section", "table", "paragraphs", "section"]


def test_a_form_is_a_gap_that_holds_its_words():
    rows = [cell("姓名") + cell() + cell("电话") + cell() + cell() for _ in range(3)]
    made, _ = built(docx(para("请填写。") + table(*rows)))
    assert values(made, "gap") == [
        {"kind": "form", "words": "", "text": "\n".join(["姓名 电话"] * 3)}
    ]


def test_contents_page_headers_and_comments_are_left_out_and_named():
    contents = (
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/>"
        f"</w:docPartObj></w:sdtPr><w:sdtContent>{para('目录')}{para('背景 1')}"
        "</w:sdtContent></w:sdt>"
    )
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:instrText> TOC \\o </w:instrText>"
        f'</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("经过 2")}</w:p>'
        f'<w:p>{run("意义 3")}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    parts = {
        "word/header1.xml": part("hdr", para("内部资料")),
        "word/comments.xml": part("comments", f'<w:comment w:id="1">{para("再核对")}</w:comment>'),
    }
    made, report = built(docx(contents + field + para("正文。"), parts=parts))
    assert sections(made) == [("正文", "<p>正文。</p>")]
    found = {reason: "".join(text.split()) for reason, text in dropped(report).items()}
    assert found == {"目录": "目录背景1经过2意义3", "页眉": "内部资料", "批注": "再核对"}


def test_links_to_the_web_stay_and_others_lose_their_address():
    link = '<w:hyperlink r:id="{}">{}</w:hyperlink>'
    body = para(link.format("l1", run("党史网")) + link.format("l2", run("点我")))
    links = {"l1": "https://www.example.org/a", "l2": "javascript:alert(1)"}
    made, report = built(docx(body, links=links))
    assert sections(made)[0][1] == '<p><a href="https://www.example.org/a">党史网</a>点我</p>'
    assert any("链接" in what for what in report.losses.changed)


def test_a_list_of_sources_at_the_end_becomes_the_block_of_sources():
    body = two_sections(para("甲。")) + para("参考文献", "1")
    body += para("[1] 《中国共产党历史》第一卷，中共党史出版社，2011年。")
    made, report = built(docx(body, styles=HEADINGS_OF_WORD))
    assert kinds(made) == ["section", "section", "sources"]
    [source] = values(made, "sources")[0]["items"]
    assert source["title"] == "《中国共产党历史》第一卷，中共党史出版社，2011年。"
    assert dropped(report) == {"来源前的编号": "[1]", "标题由“资料来源”代替": "参考文献"}


def test_a_drop_cap_joins_its_paragraph():
    cap = para("遵", props='<w:framePr w:dropCap="drop"/>')
    made, _ = built(docx(cap + para("义在贵州。")))
    assert sections(made)[0][1] == "<p>遵义在贵州。</p>"


def test_same_headings_are_told_apart():
    body = para("小结", "1") + para("甲。") + para("小结", "1") + para("乙。")
    made, _ = built(docx(body, styles=HEADINGS_OF_WORD))
    assert [heading for heading, _ in sections(made)] == ["小结", "小结（2）"]
