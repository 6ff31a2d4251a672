"""Lists of open lessons: each costs what it shows, however many lessons there are.

What stands in a list is picked by the database from keys and days alone; titles and the rest are
read of what is shown. For others through ``content.catalogue``.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Length, Substr

from content import search_index
from content.cards import LessonCard
from content.models import CoursePage, LessonPage, LessonRevision
from content.models.lessons import LessonQuerySet


@dataclass(frozen=True)
class LessonSelection:
    """Open lessons in study order, those found by ``q`` best first; read by the slice."""

    course: str | None = None
    q: str = ""
    updated_since: datetime | None = None

    def __getitem__(self, part: slice) -> list[LessonCard]:
        if self.q:
            keys = self._found()[part]
            cards = {card.lesson_key: card for card in lessons(keys)}
            return [cards[key] for key in keys if key in cards]
        shown = self._pages().in_study_order().values("pk")[part]
        return cards_of(numbered_pages().filter(pk__in=shown))

    def _found(self) -> list[UUID]:
        """At most as many as the search finds at all."""
        found = [UUID(find.lesson) for find in search_index.search(self.q)]
        picked = self._pages().filter(translation_key__in=found)
        kept = set(picked.values_list("translation_key", flat=True))
        return [key for key in found if key in kept]

    def _pages(self) -> LessonQuerySet:
        pages = LessonPage.objects.open_to_learners()
        published = LessonRevision.objects.filter(lesson_key=OuterRef("translation_key"))
        pages = pages.filter(Exists(published))
        if self.updated_since:
            newest = LessonRevision.objects.newest().filter(published_at__gt=self.updated_since)
            pages = pages.filter(translation_key__in=newest.values("lesson_key"))
        return pages if self.course is None else pages.filter(_is_of(self.course))


def _is_of(course: str) -> Q:
    """Lessons of the live course of this name; without a name, of none that is live."""
    live = CoursePage.objects.live()
    if not course:
        length = Length(OuterRef("path")) - LessonPage.steplen
        return Q(~Exists(live.filter(path=Substr(OuterRef("path"), 1, length))))
    of_it = Q(pk__in=[])
    for path in live.filter(slug=course).values_list("path", flat=True):
        of_it |= Q(path__startswith=path)
    return of_it


def newest_lessons(most: int) -> list[UUID]:
    """The keys of the open lessons revised last, the latest first."""
    pages = LessonPage.objects.open_to_learners().filter(translation_key=OuterRef("lesson_key"))
    rows = LessonRevision.objects.newest().annotate(path=Subquery(pages.values("path")[:1]))
    open_ones = rows.exclude(path=None).order_by("-published_at", "path")
    return list(open_ones.values_list("lesson_key", flat=True)[:most])


def lessons(
    keys: Collection[UUID] | None = None, *, course: str | None = None, q: str = ""
) -> list[LessonCard]:
    """All of a selection, or those open of these; two queries and the search."""
    if keys is None:
        return LessonSelection(course, q)[:]
    return cards_of(numbered_pages().filter(translation_key__in=list(keys)))


def numbered_pages() -> LessonQuerySet:
    """Open lesson pages in study order, each with the number of its current revision, and when it
    and the first were published."""
    stored = LessonRevision.objects.filter(lesson_key=OuterRef("translation_key"))
    latest, first = stored.order_by("-revision"), stored.order_by("revision")
    pages = LessonPage.objects.open_to_learners().in_study_order()
    return pages.annotate(
        revision=Subquery(latest.values("revision")[:1]),
        revised_at=Subquery(latest.values("published_at")[:1]),
        came_at=Subquery(first.values("published_at")[:1]),
    ).filter(revision__isnull=False)


def cards_of(pages: LessonQuerySet) -> list[LessonCard]:
    """Of numbered pages, in their order."""
    shown = list(pages.defer("body"))
    parents = courses_of(shown)
    return [card_of(page, parents) for page in shown]


def courses_of(pages: Iterable[LessonPage]) -> dict[str, CoursePage]:
    """By path the live courses in which these lessons are."""
    paths = {_course_path(page) for page in pages}
    courses = CoursePage.objects.live().filter(path__in=paths).only("path", "slug", "title")
    return {course.path: course for course in courses}


def card_of(page: Any, parents: dict[str, CoursePage]) -> LessonCard:
    """What lists show of a numbered page."""
    parent = parents.get(_course_path(page))
    url = page.get_url() or ""
    return LessonCard(
        lesson_key=page.translation_key,
        slug=page.slug,
        course_slug=parent.slug if parent else "",
        course_title=parent.title if parent else "",
        course_url=f"{url.removesuffix('/').rpartition('/')[0]}/" if parent else "",
        title=page.title,
        summary=page.summary,
        minutes=page.minutes,
        credit_hours=page.credit_hours,
        revision=page.revision,
        published_at=page.came_at,
        updated_at=page.revised_at,
        url=url,
        page_id=page.pk,
        cover_id=page.cover_id,
    )


def _course_path(page: LessonPage) -> str:
    return str(page.path[: -LessonPage.steplen])
