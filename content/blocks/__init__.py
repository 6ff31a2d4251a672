from content.blocks.body import LessonBodyBlock
from content.blocks.site_body import ExhibitBodyBlock

__all__ = ["ExhibitBodyBlock", "LessonBodyBlock"]
