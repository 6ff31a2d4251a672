"""The body of a heritage site page."""

from wagtail import blocks

from content.blocks.media import AudioBlock, PictureBlock, RouteBlock
from content.blocks.text import ArtefactBlock, SectionBlock, SourcesBlock, TimelineBlock


class ExhibitBodyBlock(blocks.StreamBlock):
    section = SectionBlock()
    artefact = ArtefactBlock()
    picture = PictureBlock()
    audio = AudioBlock()
    timeline = TimelineBlock()
    route = RouteBlock()
    sources = SourcesBlock()

    class Meta:
        block_counts = {"sources": {"max_num": 1}}
