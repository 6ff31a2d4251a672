"""What becomes of a lesson when it goes live or is taken down, in the order it has to happen."""

from typing import Any

from django.db import transaction

from content import search_index
from content.document import document_of
from content.files_in_use import look_at_files
from content.models import CoursePage, LessonPage
from content.revisions import forget_change, record_revision
from content.signals import Withdrawal, lesson_published, lesson_withdrawn


@transaction.atomic
def lesson_went_live(page: LessonPage, draft: Any) -> None:
    """Revision, search entry, then the word to others. ``draft`` is Wagtail's revision of the page.

    Who hears it and fails, fails the publication: what is live has its revision and its deliveries.
    """
    document = document_of(page.body)
    stored = record_revision(page, document)
    forget_change(page, draft)
    search_index.put_entry(page, document)
    look_at_files(page)
    lesson_published.send(
        LessonPage, lesson_key=page.lesson_key, revision=stored.revision, course=_course_of(page)
    )


@transaction.atomic
def lesson_was_taken_down(page: LessonPage, why: Withdrawal) -> None:
    """Out of the search at once, then the word to others."""
    search_index.drop_entry(page.lesson_key)
    lesson_withdrawn.send(LessonPage, lesson_key=page.lesson_key, why=why, course=_course_of(page))


def _course_of(page: LessonPage) -> str:
    """Its slug; empty where the course is gone, too."""
    parent = CoursePage.objects.filter(path=page.path[: -page.steplen])
    return str(parent.values_list("slug", flat=True).first() or "")
