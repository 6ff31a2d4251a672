from content.blocks.body import LessonBodyBlock, refuse_gaps
from content.blocks.site_body import ExhibitBodyBlock, refuse_unverified

__all__ = ["ExhibitBodyBlock", "LessonBodyBlock", "refuse_gaps", "refuse_unverified"]
