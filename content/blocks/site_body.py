"""The body of a heritage site page."""

from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks import StreamBlockValidationError

from content.blocks.exhibits import LEFT, ExhibitBlock, ToVerifyBlock
from content.blocks.media import AudioBlock, PictureBlock, RouteBlock
from content.blocks.text import ArtefactBlock, SectionBlock, SourcesBlock, TimelineBlock
from content.exhibits import KIND as EXHIBIT
from content.exhibits import UNCLEAR, exhibits_of


class ExhibitBodyBlock(blocks.StreamBlock):
    """In reading order; the order of the exhibits is that of the route."""

    section = SectionBlock()
    exhibit = ExhibitBlock()
    artefact = ArtefactBlock()
    picture = PictureBlock()
    audio = AudioBlock()
    timeline = TimelineBlock()
    route = RouteBlock()
    sources = SourcesBlock()
    to_verify = ToVerifyBlock()

    class Meta:
        block_counts = {"sources": {"max_num": 1}}

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        codes = Counter(one.code for one in exhibits_of(cleaned))
        twice = {
            index: ValidationError(f"有两件展品的编号都是 {child.value['code']}，请改得不一样")
            for index, child in enumerate(cleaned)
            if child.block_type == EXHIBIT and codes[child.value["code"]] > 1
        }
        if twice:
            raise StreamBlockValidationError(block_errors=twice)
        return cleaned


def refuse_unverified(body: Any) -> None:
    """Raises ValidationError where something is still to be found out, or may not be shown."""
    if count := [child.block_type for child in body].count("to_verify"):
        raise ValidationError(f"还有 {count} 处“待核实”。{LEFT}")
    if unclear := [one.name for one in exhibits_of(body) if one.rights == UNCLEAR]:
        names = "、".join(unclear[:3])
        raise ValidationError(f"展品（{names}）的权利还没有弄清，不能公开。请先弄清再发布。")
