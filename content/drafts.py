"""A lesson as it stands in the editor, in the shape in which the catalogue tells published ones."""

from typing import Any

from django.utils import timezone

from content.catalogue import LessonContent
from content.document import document_of
from content.lesson_lists import card_of, courses_of
from content.media import media_of
from content.revisions import current_revisions


def draft_content(page: Any) -> LessonContent:
    """As if it were published now, in its next revision; nothing is stored."""
    document = document_of(page.body)
    key = page.translation_key
    page.revision = current_revisions([key]).get(key, 0) + 1
    page.revised_at = page.came_at = timezone.now()
    return LessonContent(
        card=card_of(page, courses_of([page])),
        outline=document.outline(key, page.revision, page.title),
        document=document,
        media=media_of(document),
        corrections=[],
        cover_image_id=page.cover_id,
    )
