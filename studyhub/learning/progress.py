"""Keeping ``Progress`` equal to what the records say, and reading it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from uuid import UUID

from django.db.models import Case, CharField, Q, Value, When
from django.utils import timezone

from content import catalogue
from content.catalogue import Outline, Quiz, Section
from studyhub.core.bulk_insert import insert, overwrite
from studyhub.learning.counters import count_study
from studyhub.learning.models import LessonStatus, Progress, ProgressQuerySet
from studyhub.learning.progress_rules import Derived, derive
from studyhub.people.locks import LockedMember, lock_member
from studyhub.people.models import Member
from studyhub.records.merging import move_records
from studyhub.records.models import Fact, Record


@dataclass(frozen=True)
class LessonProgress:
    """What is shown of a lesson to its learner.

    ``percent`` counts required sections of the current revision, 100 once the lesson is finished.
    ``revision`` is the one that was finished, else the current one; ``quiz_best`` is a percentage.
    """

    lesson_key: UUID
    revision: int
    sections_read: list[UUID]
    percent: int
    status: LessonStatus
    finished_at: datetime | None
    quiz_best: int | None
    quiz_attempts: int
    declared: bool


def progress_of(member: Member, keys: Collection[UUID] | None = None) -> dict[UUID, LessonProgress]:
    """Progress by lesson. Without ``keys`` the lessons begun; with them, exactly these.

    Lessons that were never published are left out.
    """
    rows = {row.lesson_key: row for row in _rows(member, keys)}
    return show_progress(rows, list(rows) if keys is None else keys)


def _rows(member: Member, keys: Collection[UUID] | None) -> ProgressQuerySet:
    rows = Progress.objects.filter(member=member)
    return rows if keys is None else rows.of_lessons(list(keys))


def show_progress(
    rows: Mapping[UUID, Progress],
    keys: Collection[UUID],
    newest: Mapping[UUID, int] | None = None,
) -> dict[UUID, LessonProgress]:
    """What is shown of these lessons; ``newest`` are their current revisions, where known."""
    revisions = catalogue.current_revisions(keys) if newest is None else newest
    outlines = catalogue.outlines(revisions.items())
    return {
        key: _show(key, rows.get(key), outlines[key, revisions[key]])
        for key in keys
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


@dataclass(frozen=True)
class Missing:
    """What the rule printed on a lesson still asks for; ``declared``: that the learner says so."""

    sections: list[Section]
    quiz: Quiz | None
    declared: bool

    def __bool__(self) -> bool:
        return bool(self.sections or self.quiz or self.declared)


def missing_of(outline: Outline, progress: LessonProgress) -> Missing:
    """What is left to do by this outline; nothing once the lesson is finished."""
    if progress.status == LessonStatus.FINISHED:
        return Missing([], None, declared=False)
    read = set(progress.sections_read)
    sections = [s for s in outline.sections if s.required and s.id not in read]
    quiz = _quiz_to_pass(outline.quiz, progress.quiz_best)
    # With all done and said of an older text alone (its pass mark was higher), one word is left:
    # said of this text, it finishes.
    return Missing(sections, quiz, declared=not progress.declared or not (sections or quiz))


def _quiz_to_pass(quiz: Quiz | None, best: int | None) -> Quiz | None:
    if quiz is None or not quiz.required:
        return None
    return quiz if best is None or best < quiz.pass_mark else None


def status_of(row: Progress | None) -> LessonStatus:
    """Finished once and for all; begun with the first section, attempt or declaration."""
    if row is None:
        return LessonStatus.NOT_STARTED
    if row.finished_at:
        return LessonStatus.FINISHED
    begun = row.sections_read or row.quiz_attempts or row.declared_at
    return LessonStatus.IN_PROGRESS if begun else LessonStatus.NOT_STARTED


# The same, told by the database.
STATUS = Case(
    When(finished_at__isnull=False, then=Value(LessonStatus.FINISHED.value)),
    When(
        ~Q(sections_read=[]) | Q(quiz_attempts__gt=0) | Q(declared_at__isnull=False),
        then=Value(LessonStatus.IN_PROGRESS.value),
    ),
    default=Value(LessonStatus.NOT_STARTED.value),
    output_field=CharField(),
)


def refresh_progress(
    locked: LockedMember, keys: Collection[UUID], newest: Mapping[UUID, int] | None = None
) -> dict[UUID, LessonProgress]:
    """Derive anew from all records of these lessons, and return what is shown now.

    The lock must be the one under which the records were stored. ``newest`` are the current
    revisions of these lessons, where they are known already.
    """
    if not keys:
        return {}
    member = locked.member
    facts: dict[UUID, list[Fact]] = defaultdict(list)
    for fact in Record.objects.of_lessons(member, keys).facts():
        facts[fact.lesson_key].append(fact)
    rows = {row.lesson_key: row for row in _rows(member, keys)}
    finished = {key: -1 for key, row in rows.items() if row.finished_at}
    begun = not rows and not Progress.objects.filter(member=member).exists()
    changed: list[Progress] = []
    for key in sorted(keys):
        row = rows.setdefault(key, Progress(member=member, lesson_key=key))
        if _apply(row, _derive(key, facts[key])) or row.pk is None:
            row.updated_at = timezone.now()
            changed.append(row)
    _store(changed)
    for key, row in rows.items():
        finished[key] = finished.get(key, 0) + bool(row.finished_at)
    count_study(member.pk, finished, begun=begun)
    return show_progress(rows, keys, newest)


_DERIVED_FIELDS = [field.name for field in fields(Derived)]
_KEY = ("member_id", "lesson_key")
_COLUMNS = (*_KEY, *_DERIVED_FIELDS, "updated_at")
_values = attrgetter(*_COLUMNS)


def _store(rows: list[Progress]) -> None:
    if rows:
        then = overwrite(_KEY, _COLUMNS[len(_KEY) :])
        insert(Progress, _COLUMNS, [_values(row) for row in rows], then)


def refresh_claims(lesson_key: UUID, revision: int) -> None:
    """Judge anew what was studied on this revision before this database had published it.

    A restored database forgets revisions that phones have read; published again, they count.
    """
    published_at = dict(catalogue.revisions(lesson_key))[revision]
    claims = Record.objects.filter(lesson_key=lesson_key, revision__gte=revision)
    early = claims.filter(received_at__lt=published_at).values("member")
    for member in Member.objects.filter(pk__in=early).order_by("pk"):
        with lock_member(member) as locked:
            refresh_progress(locked, [lesson_key])


def unite_progress(kept: Member, other: Member) -> None:
    """The study of two entries of one person is that of the one they are now."""
    keys = set(Progress.objects.filter(member=other).values_list("lesson_key", flat=True))
    move_records(kept, other)
    Progress.objects.filter(member=other).delete()
    with lock_member(kept) as locked:
        refresh_progress(locked, keys)


def _derive(key: UUID, facts: list[Fact]) -> Derived:
    return derive(facts, _judges(key, {fact.revision for fact in facts if fact.revision}))


def _judges(key: UUID, claimed: set[int]) -> dict[int, Outline]:
    """By claimed revision the outline that judges it: its own, else the newest."""
    known = {
        n: outline for (_, n), outline in catalogue.outlines((key, n) for n in claimed).items()
    }
    if unknown := claimed - known.keys():
        newest = max((n for n, _ in catalogue.revisions(key)), default=0)
        above = [n for n in unknown if n > newest]
        for (_, number), outline in catalogue.outlines([(key, newest)]).items():
            known |= dict.fromkeys([number, *above], outline)
    return known


def _apply(row: Progress, derived: Derived) -> bool:
    """Write the derived values into the row; tell whether anything differed."""
    values = vars(derived) | {
        "sections_read": sorted(map(str, derived.sections_read)),
        "first_read": {str(key): number for key, number in derived.first_read.items()},
    }
    differs = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return differs


@dataclass(frozen=True)
class Difference:
    """One column of a progress row that does not say what the records say."""

    member_id: int
    lesson_key: UUID
    field: str
    stored: object
    derived: object


def find_differences() -> Iterator[Difference]:
    """Compare every progress row with its records, member by member; memory stays small."""
    records = Record.objects.filter(lesson_key__isnull=False).order_by("member_id", "lesson_key")
    rows = records.values_list("member_id", *Fact._fields).iterator(chunk_size=5000)
    seen: set[tuple[int, UUID]] = set()
    for member_id, facts in groupby(rows, key=itemgetter(0)):
        stored = {row.lesson_key: row for row in Progress.objects.filter(member_id=member_id)}
        of_lessons = (Fact(*row[1:]) for row in facts)
        for key, mine in groupby(of_lessons, key=attrgetter("lesson_key")):
            seen.add((member_id, key))
            yield from _differences(member_id, key, stored.get(key), _derive(key, list(mine)))
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
