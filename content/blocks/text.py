"""Blocks made of words: section, quotation, timeline, artefact, table, sources."""

from collections.abc import Iterable
from typing import Any

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock as CellsBlock
from wagtail.rich_text import expand_db_html

from content.blocks.base import LessonBlock, OpenBlock, word, words
from content.elements import (
    Aside,
    Element,
    Heading,
    Quotation,
    Role,
    Source,
    Sources,
    Step,
    Steps,
    Table,
    paragraphs_of,
)
from content.rich_text import rich_text
from studyhub.core.characters import clean

GAP_LEFT = "这里缺一样导入不了的内容。请截图上传、改写成文字，或者删掉这一块，再发布。"


class SectionBlock(LessonBlock):
    """One section (小节) of a lesson. Its block id is the section id everywhere else."""

    heading = blocks.CharBlock(max_length=40, label="小节标题")
    text = blocks.RichTextBlock(features=["bold", "ul", "ol", "link"], label="正文")
    required = blocks.BooleanBlock(
        default=True, required=False, label="必读", help_text="读完全部必读小节才算学完本课"
    )

    class Meta:
        icon = "pilcrow"
        label = "小节"

    def document(self, value: Any) -> Iterable[Element]:
        yield Heading(word(value, "heading").strip(), bool(value["required"]))
        yield from rich_text(expand_db_html(value["text"].source))


class ParagraphsBlock(LessonBlock):
    """Text that goes on behind a picture, a table or a quotation, in the same section."""

    text = blocks.RichTextBlock(features=["bold", "ul", "ol", "link"], label="正文")

    class Meta:
        icon = "pilcrow"
        label = "接上的正文"

    def document(self, value: Any) -> Iterable[Element]:
        yield from rich_text(expand_db_html(value["text"].source))


class NoteBlock(blocks.StructBlock):
    mark = blocks.CharBlock(max_length=10, label="标记", help_text="正文里写成［注1］这样")
    text = blocks.TextBlock(label="注文")


class NotesBlock(LessonBlock):
    """Notes of a section, at its end; ``[注1]`` stands in its text."""

    items = blocks.ListBlock(NoteBlock(), min_num=1, label="注释")

    class Meta:
        icon = "edit"
        label = "注释"

    def document(self, value: Any) -> Iterable[Element]:
        for item in value["items"]:
            mark, text = words(item, "mark", "text")
            yield from paragraphs_of(text, label=mark, role=Role.NOTE)


class GapBlock(OpenBlock):
    """What an import could not bring along, where it stood: to be replaced or taken out by hand
    before anybody reads the lesson. It says nothing on any surface."""

    KINDS = [
        ("chart", "图表"),
        ("diagram", "SmartArt 图示"),
        ("formula", "公式"),
        ("picture", "手机上显示不了的图片"),
        ("linked", "文件里没有的图片（只有链接）"),
        ("word_art", "艺术字"),
        ("object", "嵌入的对象"),
        ("part", "嵌入的另一个文件"),
        ("table", "太大的表格"),
        ("form", "像要填写的表格"),
    ]

    advice = GAP_LEFT
    kind = blocks.ChoiceBlock(choices=KINDS, label="缺的是什么")
    words = blocks.CharBlock(max_length=200, required=False, label="原文怎么说")
    text = blocks.TextBlock(required=False, label="里面的文字", help_text="可以复制到正文里")

    class Meta:
        icon = "warning"
        label = "缺的内容"


class QuotationBlock(LessonBlock):
    text = blocks.TextBlock(max_length=300, label="引文", help_text="领导人讲话只引用正式文本")
    speaker = blocks.CharBlock(max_length=40, required=False, label="出自谁")
    source = blocks.CharBlock(max_length=120, label="出处")

    class Meta:
        icon = "openquote"
        label = "引文"

    def document(self, value: Any) -> Iterable[Element]:
        yield Quotation(*words(value, "text", "speaker", "source"))


class TimelineItemBlock(blocks.StructBlock):
    date = blocks.CharBlock(max_length=30, label="时间")
    text = blocks.CharBlock(max_length=120, label="事情")


class TimelineBlock(LessonBlock):
    title = blocks.CharBlock(max_length=40, label="标题")
    items = blocks.ListBlock(TimelineItemBlock(), min_num=2, max_num=12, label="时间点")

    class Meta:
        icon = "date"
        label = "时间线"

    def document(self, value: Any) -> Iterable[Element]:
        steps = (Step(*words(item, "date", "text")) for item in value["items"])
        yield Steps(word(value, "title"), tuple(steps))


class ArtefactBlock(LessonBlock):
    """One exhibit (展品) beside the text: what it is, who keeps it, what to look for."""

    name = blocks.CharBlock(max_length=40, label="名称")
    period = blocks.CharBlock(max_length=40, required=False, label="年代")
    description = blocks.TextBlock(max_length=300, label="说明（60–100 字为宜）")
    holder = blocks.CharBlock(max_length=80, required=False, label="收藏单位")
    question = blocks.CharBlock(max_length=80, required=False, label="看展时找一找")

    class Meta:
        icon = "tag"
        label = "文物"

    def document(self, value: Any) -> Iterable[Element]:
        description, holder, question = words(value, "description", "holder", "question")
        elements = paragraphs_of(description)
        elements += paragraphs_of(holder, label="收藏", role=Role.NOTE)
        elements += paragraphs_of(question, label="找一找", role=Role.PROMPT)
        yield Aside(word(value, "name"), word(value, "period"), elements)


# What the mouse offers on a cell, in Chinese; the library knows no Chinese of its own.
CELL_MENU = {
    "row_above": {"name": "在上面加一行"},
    "row_below": {"name": "在下面加一行"},
    "col_left": {"name": "在左边加一列"},
    "col_right": {"name": "在右边加一列"},
    "remove_row": {"name": "删去这一行"},
    "remove_col": {"name": "删去这一列"},
    "undo": {"name": "撤销"},
    "redo": {"name": "重做"},
}


class TableBlock(LessonBlock):
    """Cells may be pasted from WPS, Excel or Word."""

    cells = CellsBlock(
        label="表格",
        table_options={"renderer": "text", "contextMenu": {"items": CELL_MENU}},
    )

    class Meta:
        icon = "table"
        label = "表格"

    def document(self, value: Any) -> Iterable[Element]:
        cells = value["cells"] or {}
        data = [[_cell(cell) for cell in row] for row in cells.get("data") or []]
        width = max(map(len, data), default=0)
        rows = [(*row, *[""] * (width - len(row))) for row in data]
        has_header = bool(cells.get("first_row_is_table_header")) and any(map(any, rows[1:]))
        header = rows.pop(0) if has_header else ()
        rows = [row for row in rows if any(row)]
        if rows:
            title = _cell(cells.get("table_caption"))
            yield Table(title, header if any(header) else (), tuple(rows))


def _cell(value: Any) -> str:
    return "" if value is None else clean(str(value)).strip()


class SourceBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=120, label="题名")
    publisher = blocks.CharBlock(max_length=80, required=False, label="单位或媒体")
    reference = blocks.CharBlock(max_length=160, required=False, label="版次、网址或编号")


class SourcesBlock(LessonBlock):
    items = blocks.ListBlock(SourceBlock(), min_num=1, label="来源")

    class Meta:
        icon = "list-ul"
        label = "资料来源"

    def document(self, value: Any) -> Iterable[Element]:
        items = (Source(*words(it, "title", "publisher", "reference")) for it in value["items"])
        yield Sources(tuple(items))
