from content.blocks.body import LessonBodyBlock
from content.blocks.exhibits import ExhibitBodyBlock

__all__ = ["ExhibitBodyBlock", "LessonBodyBlock"]
