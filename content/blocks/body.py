"""The body of a lesson: which blocks there are and what must hold between them."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks import StreamBlockValidationError

from content.blocks.media import AudioBlock, PictureBlock, RouteBlock, VideoBlock
from content.blocks.questions import SelfCheckBlock
from content.blocks.text import (
    GAP_LEFT,
    ArtefactBlock,
    GapBlock,
    NotesBlock,
    ParagraphsBlock,
    QuotationBlock,
    SectionBlock,
    SourcesBlock,
    TableBlock,
    TimelineBlock,
)
from content.document import document_of


class LessonBodyBlock(blocks.StreamBlock):
    """Flat list in reading order; what follows a section belongs to it until the next section."""

    section = SectionBlock()
    paragraphs = ParagraphsBlock()
    picture = PictureBlock()
    audio = AudioBlock()
    video = VideoBlock()
    timeline = TimelineBlock()
    table = TableBlock()
    artefact = ArtefactBlock()
    quotation = QuotationBlock()
    notes = NotesBlock()
    route = RouteBlock()
    self_check = SelfCheckBlock()
    sources = SourcesBlock()
    gap = GapBlock()

    class Meta:
        block_counts = {
            "self_check": {"max_num": 1},
            "sources": {"max_num": 1},
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        sections = [block for block in cleaned if block.block_type == "section"]
        headings = [block.value["heading"].strip() for block in sections]
        ids = {str(block.id) for block in sections}
        if not headings:
            raise StreamBlockValidationError(
                non_block_errors=["至少要有一个小节：点加号，选“小节”，写上标题和正文。"]
            )
        errors = {}
        for index, block in enumerate(cleaned):
            if block.block_type == "section":
                problem = _heading_problem(block.value["heading"].strip(), headings)
            elif block.block_type == "self_check":
                problem = None if self.is_deferred_validation else _lost(block.value, ids)
            else:
                problem = None
            if problem:
                errors[index] = ValidationError(problem)
        if errors:
            raise StreamBlockValidationError(block_errors=errors)
        return cleaned


def refuse_gaps(body: Any) -> None:
    """Raises ValidationError where something an import could not bring along is still missing."""
    kinds = [child.block_type for child in body]
    if count := kinds.count("gap"):
        raise ValidationError(f"正文里还有 {count} 处“缺的内容”。{GAP_LEFT}")


def questions_without_section(body: Any) -> dict[str, int]:
    """Number by id of the questions whose section is not there, however they name it."""
    check = document_of(body).self_check
    asked = enumerate(check.questions if check else (), start=1)
    return {cited.question.id: number for number, cited in asked if not cited.section}


def lost_words(numbers: Iterable[int]) -> str:
    named = "、".join(map(str, numbers))
    return f"第 {named} 题原来的小节已删除，请在“出自哪一小节”里重新选一节"


def _heading_problem(heading: str, headings: list[str]) -> str | None:
    if headings.count(heading) > 1:
        return f"有两个小节都叫“{heading}”，请改得不一样，自测题才知道指的是哪一节"
    return None


def _lost(self_check: Any, ids: set[str]) -> str | None:
    """A draft may keep questions whose section was deleted; nobody reviews or reads them so."""
    asked = enumerate(self_check["questions"], start=1)
    lost = [number for number, question in asked if question["section"] not in ids]
    return lost_words(lost) if lost else None
