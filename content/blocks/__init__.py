from content.blocks.body import (
    LessonBodyBlock,
    lost_words,
    questions_without_section,
    refuse_gaps,
)
from content.blocks.site_body import ExhibitBodyBlock, refuse_unverified

__all__ = [
    "ExhibitBodyBlock",
    "LessonBodyBlock",
    "lost_words",
    "questions_without_section",
    "refuse_gaps",
    "refuse_unverified",
]
