"""Keeping ``Progress`` equal to what the records say, and reading it."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction

from content import catalogue
from content.catalogue import Outline
from studyhub.learning.deriving import Derived, derive
from studyhub.learning.models import Progress
from studyhub.people.models import Member
from studyhub.records.models import Record

NOT_STARTED, IN_PROGRESS, FINISHED = "not_started", "in_progress", "finished"


@dataclass(frozen=True)
class LessonProgress:
    """What is shown of a lesson. ``percent`` counts required sections of the current revision.

    ``revision`` is the one that was finished, else the current one; ``quiz_best`` is a percentage.
    """

    lesson_key: UUID
    revision: int
    sections_read: list[UUID]
    percent: int
    status: str
    finished_at: datetime | None
    quiz_best: int | None
    quiz_attempts: int
    declared: bool


def progress_of(member: Member, keys: Collection[UUID] | None = None) -> dict[UUID, LessonProgress]:
    """Progress by lesson. Without ``keys`` the lessons begun; with them, exactly these."""
    rows = Progress.objects.filter(member=member)
    if keys is not None:
        rows = rows.of_lessons(list(keys))
    stored = {row.lesson_key: row for row in rows}
    wanted = list(stored if keys is None else keys)
    revisions = catalogue.current_revisions(wanted)
    outlines = catalogue.outlines(revisions.items())
    return {
        key: _show(key, stored.get(key), outlines[key, revisions[key]])
        for key in wanted
        if key in revisions
    }


def _show(key: UUID, row: Progress | None, outline: Outline) -> LessonProgress:
    read = {UUID(text) for text in row.sections_read} if row else set()
    finished_at = row.finished_at if row else None
    return LessonProgress(
        lesson_key=key,
        revision=(row and row.finished_revision) or outline.revision,
        sections_read=sorted(read),
        percent=100 if finished_at else _percent(read, outline),
        status=status_of(row),
        finished_at=finished_at,
        quiz_best=row.quiz_best if row else None,
        quiz_attempts=row.quiz_attempts if row else 0,
        declared=bool(row and row.declared_at),
    )


def _percent(read: set[UUID], outline: Outline) -> int:
    required = outline.required_sections
    return 100 * len(read & required) // len(required) if required else 0


def status_of(row: Progress | None) -> str:
    if row is None:
        return NOT_STARTED
    if row.finished_at:
        return FINISHED
    begun = row.sections_read or row.quiz_attempts or row.declared_at
    return IN_PROGRESS if begun else NOT_STARTED


@transaction.atomic
def refresh_progress(member: Member, keys: Collection[UUID]) -> None:
    """Derive anew from all records of these lessons. Call in the transaction that stored the
    records.

    The rows are locked before the records are read: of two uploads for one member the second waits
    and
    then sees the records of the first.
    """
    ordered = sorted(keys)
    if not ordered:
        return
    Progress.objects.bulk_create(
        [Progress(member=member, lesson_key=key) for key in ordered], ignore_conflicts=True
    )
    rows = (
        Progress.objects.select_for_update().filter(member=member).of_lessons(ordered)
    ).order_by("lesson_key")
    locked = list(rows)
    records: dict[UUID, list[Record]] = defaultdict(list)
    for record in Record.objects.of_lessons(member, ordered):
        if record.lesson_key:
            records[record.lesson_key].append(record)
    changed = [row for row in locked if _apply(row, _derive(row.lesson_key, records))]
    Progress.objects.bulk_update(changed, _DERIVED_FIELDS)


_DERIVED_FIELDS = [
    "sections_read",
    "quiz_best",
    "quiz_attempts",
    "declared_at",
    "finished_at",
    "finished_revision",
    "updated_at",
]


def _derive(key: UUID, records: dict[UUID, list[Record]]) -> Derived:
    mine = records[key]
    outlines = catalogue.outlines((key, r.revision) for r in mine if r.revision)
    return derive(mine, {revision: outline for (_, revision), outline in outlines.items()})


def _apply(row: Progress, derived: Derived) -> bool:
    """Write the derived values into the row; tell whether anything differed."""
    values = {
        "sections_read": sorted(map(str, derived.sections_read)),
        "quiz_best": derived.quiz_best,
        "quiz_attempts": derived.quiz_attempts,
        "declared_at": derived.declared_at,
        "finished_at": derived.finished_at,
        "finished_revision": derived.finished_revision,
    }
    differs = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return differs


@dataclass(frozen=True)
class Difference:
    """A progress row that does not say what the records say."""

    member_id: int
    lesson_key: UUID
    field: str
    stored: object
    derived: object


def find_differences() -> Iterator[Difference]:
    """Compare every progress row with its records, member by member; memory stays small."""
    records = Record.objects.filter(lesson_key__isnull=False).order_by("member_id", "lesson_key")
    seen: set[tuple[int, UUID]] = set()
    pairs = groupby(records.iterator(chunk_size=5000), key=lambda r: (r.member_id, r.lesson_key))
    for (member_id, key), group in pairs:
        if key is None:
            continue
        seen.add((member_id, key))
        row = Progress.objects.filter(member_id=member_id, lesson_key=key).first()
        yield from _differences(member_id, key, row, _derive(key, {key: list(group)}))
    for row in Progress.objects.order_by("pk").iterator(chunk_size=5000):
        if (row.member_id, row.lesson_key) not in seen:
            yield from _differences(row.member_id, row.lesson_key, row, Derived())


def _differences(
    member_id: int, key: UUID, row: Progress | None, derived: Derived
) -> Iterator[Difference]:
    stored = row or Progress(member_id=member_id, lesson_key=key)
    before = {name: getattr(stored, name) for name in _DERIVED_FIELDS}
    if not _apply(stored, derived):
        return
    for name in _DERIVED_FIELDS:
        after = getattr(stored, name)
        if before[name] != after:
            yield Difference(member_id, key, name, before[name], after)
