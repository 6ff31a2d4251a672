"""Blocks made of words: section, quotation, timeline, artefact, sources."""

from wagtail import blocks


class SectionBlock(blocks.StructBlock):
    """One section (小节) of a lesson. Its block id is the section id everywhere else."""

    heading = blocks.CharBlock(max_length=40, label="小节标题")
    text = blocks.RichTextBlock(features=["bold", "ul", "ol", "link"], label="正文")
    required = blocks.BooleanBlock(
        default=True, required=False, label="必读", help_text="读完全部必读小节才算学完本课"
    )

    class Meta:
        icon = "pilcrow"
        label = "小节"
        template = "blocks/section_block.html"


class QuotationBlock(blocks.StructBlock):
    text = blocks.TextBlock(max_length=300, label="引文", help_text="领导人讲话只引用正式文本")
    speaker = blocks.CharBlock(max_length=40, required=False, label="出自谁")
    source = blocks.CharBlock(max_length=120, label="出处")

    class Meta:
        icon = "openquote"
        label = "引文"
        template = "blocks/quotation_block.html"


class TimelineItemBlock(blocks.StructBlock):
    date = blocks.CharBlock(max_length=30, label="时间")
    text = blocks.CharBlock(max_length=120, label="事情")


class TimelineBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=40, label="标题")
    items = blocks.ListBlock(TimelineItemBlock(), min_num=2, max_num=12, label="时间点")

    class Meta:
        icon = "date"
        label = "时间线"
        template = "blocks/timeline_block.html"


class ArtefactBlock(blocks.StructBlock):
    """One exhibit (展品) told beside the text: what it is, who keeps it, what to look for."""

    name = blocks.CharBlock(max_length=40, label="名称")
    period = blocks.CharBlock(max_length=40, required=False, label="年代")
    description = blocks.TextBlock(max_length=300, label="说明（60–100 字为宜）")
    holder = blocks.CharBlock(max_length=80, required=False, label="收藏单位")
    question = blocks.CharBlock(max_length=80, required=False, label="看展时找一找")

    class Meta:
        icon = "tag"
        label = "文物"
        template = "blocks/artefact_block.html"


class SourceBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=120, label="题名")
    publisher = blocks.CharBlock(max_length=80, required=False, label="单位或媒体")
    reference = blocks.CharBlock(max_length=160, required=False, label="版次、网址或编号")


class SourcesBlock(blocks.StructBlock):
    items = blocks.ListBlock(SourceBlock(), min_num=1, label="来源")

    class Meta:
        icon = "list-ul"
        label = "资料来源"
        template = "blocks/sources_block.html"
