from content.blocks.body import LessonBodyBlock, refuse_gaps
from content.blocks.site_body import ExhibitBodyBlock

__all__ = ["ExhibitBodyBlock", "LessonBodyBlock", "refuse_gaps"]
