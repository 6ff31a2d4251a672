"""A learner's years as months with the lessons finished in them: no days, no target."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from studyhub.core.clock import beijing_day
from studyhub.learning.models import LessonStatus
from studyhub.learning.progress import LessonProgress


@dataclass(frozen=True)
class StudyMonth:
    """``lessons`` in the order in which they were finished."""

    number: int
    lessons: list[UUID]


@dataclass(frozen=True)
class StudyYear:
    """Months from January to the last that has begun."""

    number: int
    months: list[StudyMonth]

    @property
    def finished(self) -> int:
        """How many lessons were finished in it."""
        return sum(len(month.lessons) for month in self.months)


def study_years(progress: Mapping[UUID, LessonProgress], today: date) -> list[StudyYear]:
    """This year, and before it each one in which a lesson was finished; newest first.

    A day that a phone's clock put into the future stands in the month that is now.
    """
    found: dict[int, list[StudyMonth]] = {today.year: _months(today.month)}
    for key, day in _finished(progress):
        day = min(day, today)
        months = found.setdefault(day.year, _months(12))
        months[day.month - 1].lessons.append(key)
    return [StudyYear(number, months) for number, months in sorted(found.items(), reverse=True)]


def _months(last: int) -> list[StudyMonth]:
    return [StudyMonth(number, []) for number in range(1, last + 1)]


def _finished(progress: Mapping[UUID, LessonProgress]) -> list[tuple[UUID, date]]:
    rows = [
        (row.finished_at, key)
        for key, row in progress.items()
        if row.status == LessonStatus.FINISHED and row.finished_at
    ]
    return [(key, beijing_day(moment)) for moment, key in sorted(rows)]
