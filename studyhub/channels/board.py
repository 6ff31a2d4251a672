"""The board: what was really sent to each channel, and whether it still is what learners read."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from content import catalogue
from content.catalogue import LessonCard
from studyhub.channels.models import Delivery


def stale_ones(deliveries: Iterable[Delivery]) -> set[UUID]:
    """Ids of those whose lesson has a newer revision by now or is taken down; one query."""
    rows = list(deliveries)
    current = catalogue.current_revisions({row.lesson_key for row in rows})
    return {
        row.pk
        for row in rows
        if row.lesson_withdrawn_at or current.get(row.lesson_key, 0) > row.revision
    }


@dataclass(frozen=True)
class BoardLesson:
    """What the board says of a lesson, open or taken down."""

    lesson_key: UUID
    title: str
    revision: int


def board_lessons() -> "list[BoardLesson | LessonCard]":
    """Lessons taken down of which something is still out, then the open ones in study order."""
    return [*_taken_down(), *catalogue.lessons()]


def _taken_down() -> list[BoardLesson]:
    out = Delivery.objects.alive().filter(lesson_withdrawn_at__isnull=False).order_by("revision")
    rows = out.values_list("lesson_key", "lesson_title", "revision")
    return list({key: BoardLesson(key, title, number) for key, title, number in rows}.values())


@dataclass(frozen=True)
class BoardRow:
    """A lesson and, for each channel it went to, the delivery that counts."""

    lesson: BoardLesson | LessonCard
    deliveries: list[Delivery]


def board(lessons: Collection[BoardLesson | LessonCard]) -> list[BoardRow]:
    """For each lesson the delivery per channel that counts; one query.

    The newest that is out or on its way; when none is, the newest of those that came to nothing.
    """
    keys = [lesson.lesson_key for lesson in lessons]
    rows = Delivery.objects.filter(lesson_key__in=keys).select_related("account").defer("post")
    by_place: dict[tuple[UUID, int], Delivery] = {}
    for row in rows.order_by("pk"):
        place = (row.lesson_key, row.account_id)
        shown = by_place.get(place)
        if shown is None or _counts(row) or not _counts(shown):
            by_place[place] = row
    cells: dict[UUID, list[Delivery]] = {}
    for row in sorted(by_place.values(), key=lambda row: row.account.key):
        cells.setdefault(row.lesson_key, []).append(row)
    return [BoardRow(lesson, cells.get(lesson.lesson_key, [])) for lesson in lessons]


def _counts(row: Delivery) -> bool:
    return row.state not in Delivery.OVER_WITHOUT_TRACE
