"""What becomes of a lesson when it goes live or is taken down, in the order it has to happen."""

from typing import Any

from django.db import transaction
from wagtail.models import Page

from content import search_index
from content.document import Document, document_of
from content.draft_files import note_draft_files
from content.files_in_use import look_at_files
from content.missing_sources import look_at_sources
from content.models import CoursePage, LessonPage, SearchEntry
from content.models.question_checks import note_questions
from content.models.revision_names import name_draft
from content.revisions import forget_change, record_revision
from content.signals import Withdrawal, lesson_moved, lesson_published, lesson_withdrawn
from content.twins.freshness import note_freshness
from content.twins.sources import source_page


@transaction.atomic
def lesson_went_live(page: LessonPage, draft: Any) -> None:
    """Revision, then search entry and the word to others. ``draft`` is Wagtail's revision of it.

    Who hears it and fails, fails the publication: what is live has its revision and its deliveries.
    What is live where strangers may not go has its revision, and nobody hears of it yet.
    """
    document = document_of(page.body)
    stored = record_revision(page, document)
    if draft:
        name_draft(page, f"第 {stored.revision} 版", draft=draft)
    forget_change(page, draft)
    note_draft_files(page.get_latest_revision_as_object())
    look_at_files(page)
    note_freshness(page)
    if LessonPage.objects.open_to_learners().filter(pk=page.pk).exists():
        _open(page, document, stored.revision)


def _open(page: LessonPage, document: Document, revision: int) -> None:
    search_index.put_entry(page, document)
    key, course = page.lesson_key, _course_of(page)
    lesson_published.send(LessonPage, lesson_key=key, revision=revision, course=course)


@transaction.atomic
def lesson_was_taken_down(page: LessonPage, why: Withdrawal) -> None:
    """Out of the search at once, then the word to others."""
    search_index.drop_entry(page.lesson_key)
    note_freshness(source_page(page))
    lesson_withdrawn.send(LessonPage, lesson_key=page.lesson_key, why=why, course=_course_of(page))


def lesson_draft_was_saved(draft: LessonPage) -> None:
    """The newest one, as it is stored. Where nothing is public, it is what is translated."""
    look_at_sources(draft)
    note_draft_files(draft)
    note_questions(draft)
    if not draft.live:
        note_freshness(draft)


def lesson_is_planned(page: LessonPage) -> None:
    """Nothing happens before its hour. A page that was live without a revision of Wagtail's own is
    taken down by planning it."""
    if SearchEntry.objects.filter(lesson_key=page.lesson_key).exists():
        lesson_was_taken_down(page, Withdrawal.UNPUBLISHED)


@transaction.atomic
def below_page_changed(page: Page) -> None:
    """Who may go there, or where it stands: each lesson at or below it that is now open, closed or
    elsewhere is told."""
    path = Page.objects.filter(pk=page.pk).values_list("path", flat=True).first()
    below = LessonPage.objects.filter(path__startswith=path) if path else LessonPage.objects.none()
    told = set(SearchEntry.objects.values_list("lesson_key", flat=True))
    opened = set(below.open_to_learners().values_list("pk", flat=True))
    for lesson in below.filter(live=True):
        _tell_difference(lesson, is_open=lesson.pk in opened, was_open=lesson.lesson_key in told)


def _tell_difference(lesson: LessonPage, *, is_open: bool, was_open: bool) -> None:
    if is_open and was_open:
        lesson_moved.send(LessonPage, lesson_key=lesson.lesson_key, course=_course_of(lesson))
    elif was_open:
        lesson_was_taken_down(lesson, Withdrawal.CLOSED)
    elif is_open:
        document = document_of(lesson.body)
        _open(lesson, document, record_revision(lesson, document).revision)


def _course_of(page: LessonPage) -> str:
    """Its slug; empty where the course is gone, too."""
    parent = CoursePage.objects.filter(path=page.path[: -page.steplen])
    return str(parent.values_list("slug", flat=True).first() or "")
