"""How a member stands: what a page asks when it opens, in as few queries as that takes."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from content import catalogue
from content.catalogue import Brief
from studyhub.learning.corrections import CorrectionCard, cards_of, readings_of, waiting_for
from studyhub.learning.models import LessonStatus, Progress
from studyhub.learning.plans import planned_for, required_among
from studyhub.learning.progress import LessonProgress, show_progress, status_of
from studyhub.people.models import Member


class Part(StrEnum):
    """What may be asked for; the values are those of the API."""

    PROGRESS = "progress"
    PLAN = "plan"
    CORRECTIONS = "corrections"


@dataclass(frozen=True)
class PlanLine:
    """A lesson of the plan as a list names it (``plans.AssignedLesson`` says more)."""

    lesson_key: UUID
    brief: Brief
    due_on: date | None
    required: bool
    status: LessonStatus


@dataclass
class Standing:
    """Every lesson begun, open lessons of the running plans, corrections that wait to be seen.

    Empty where it was not asked.
    """

    progress: list[LessonProgress] = field(default_factory=list)
    plan: list[PlanLine] = field(default_factory=list)
    corrections: list[CorrectionCard] = field(default_factory=list)


def standing_of(member: Member, parts: Collection[Part]) -> Standing:
    """The same as ``progress_of``, ``assigned_lessons`` and ``open_corrections`` say one by one."""
    rows = {row.lesson_key: row for row in Progress.objects.filter(member=member)}
    chosen = planned_for(member) if Part.PLAN in parts else {}
    newest, corrected = catalogue.newest_and_corrected({*rows, *chosen})
    readings = readings_of(rows.values()) if Part.CORRECTIONS in parts else {}
    waiting = waiting_for(member, readings, corrected)
    named = {*chosen} & newest.keys() | {key for key, _ in waiting}
    briefs = catalogue.briefs(named) if named else {}
    standing = Standing(corrections=cards_of(readings, waiting, briefs))
    if Part.PROGRESS in parts:
        standing.progress = list(show_progress(rows, sorted(rows), newest).values())
    required = required_among(member, chosen, briefs)
    standing.plan = [
        PlanLine(key, briefs[key], item.due_on, key in required, status_of(rows.get(key)))
        for key, item in chosen.items()
        if key in briefs
    ]
    return standing
