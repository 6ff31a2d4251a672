"""Courses and lessons as lists show them, and one found by the search. Plain values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True)
class CourseCard:
    slug: str
    title: str
    summary: str
    category: str
    url: str
    lesson_count: int


@dataclass(frozen=True)
class LessonCard:
    """``minutes`` and ``credit_hours`` are the stated length, never a measured one. ``url`` and
    ``course_url`` are paths. ``published_at`` is the first publication, ``updated_at`` that of the
    current revision: publishing once more without a change moves neither."""

    lesson_key: UUID
    slug: str
    course_slug: str
    course_title: str
    course_url: str
    title: str
    summary: str
    minutes: int
    credit_hours: Decimal
    revision: int
    published_at: datetime
    updated_at: datetime
    url: str
    page_id: int
    cover_id: int | None


@dataclass(frozen=True)
class Brief:
    """An open lesson in a line of a list; ``url`` is a path."""

    title: str
    url: str
    minutes: int


@dataclass(frozen=True)
class Hit:
    """``snippet_html`` is escaped, with the hit in ``<mark>``; empty where no section says it.
    ``partly``: the lesson holds only a part of what was asked."""

    card: LessonCard
    section_id: UUID | None
    section_title: str
    snippet_html: str
    partly: bool

    @property
    def url(self) -> str:
        """Straight to the section."""
        return f"{self.card.url}#s-{self.section_id}" if self.section_id else self.card.url
