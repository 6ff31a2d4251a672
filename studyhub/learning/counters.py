"""Counts by branch, kept as changes written in the transaction of what they follow from.

A home tie counts for its branch from its first day on, and counts back from the day after its last.
So what a branch amounts to on any day, past or to come, is the sum of all changes up to that day.
Changes are appended and never altered: writers of one branch do not wait for each other, and what
is rolled back takes its changes along. Read by ``learning.branches``, kept small and verified by
``learning.counter_upkeep`` (decision 0036).

Every function here is called under the member's lock, when the rows already say what it tells.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

from studyhub.core.bulk_insert import insert
from studyhub.learning.models import BranchCountChange, Progress
from studyhub.people.models import BranchMembership, HomeTie, Member

# What is counted beside lessons finished, whose subject is the lesson's key: all members, those who
# are not exempt, and of these who began any lesson.
MEMBERS, COUNTED, REACHED = (UUID(int=number) for number in (1, 2, 3))
DAY = timedelta(days=1)
ROWS_AT_ONCE = 2000

_COLUMNS = ("branch_id", "day", "subject", "count")

Step = tuple[int, date]  # a branch, and the day from which something counts there


def count_study(member_id: int, finished: Mapping[UUID, int], begun: int = 0) -> None:
    """Progress of a member that is new: 1 by lesson finished, ``begun`` 1 with the first lesson.

    -1 where it is no more, as a repair may find. Costs nothing where there is neither.
    """
    subjects = Counter({**finished, REACHED: begun})
    if any(subjects.values()):
        ties = BranchMembership.objects.filter(member=member_id, member__exempt_reason="")
        _append(_product(_steps(ties.home_ties()), subjects))


def count_ties(before: Collection[HomeTie], after: Collection[HomeTie]) -> None:
    """Home ties ``before`` became those ``after``; what their members studied stays as it is."""
    ties = {member: _steps(()) for member in {tie.member_id for tie in (*before, *after)}}
    for tie in after:
        ties[tie.member_id].update(_steps([tie]))
    for tie in before:
        ties[tie.member_id].subtract(_steps([tie]))
    study = _study_of(ties.keys() - _exempt(ties))
    changes: Counter[tuple[int, date, UUID]] = Counter()
    for member, steps in ties.items():
        changes.update(_product(steps, Counter([MEMBERS, *study.get(member, ())])))
    _append(changes)


def count_exemption(member_id: int, *, exempt: bool) -> None:
    """Who is exempt counts as a member and for nothing else; who is no more counts for all."""
    subjects = Counter(_study_of([member_id])[member_id])
    if exempt:
        subjects = Counter({subject: -count for subject, count in subjects.items()})
    steps = _steps(BranchMembership.objects.filter(member=member_id).home_ties())
    _append(_product(steps, subjects))


def subject_value(subject: UUID) -> Any:
    """As a statement of our own hands it to the database."""
    return UUIDField().get_db_prep_value(subject, connection)


def _steps(ties: Iterable[HomeTie]) -> Counter[Step]:
    steps: Counter[Step] = Counter()
    for tie in ties:
        steps[tie.branch_id, tie.starts_on] += 1
        if tie.ends_on:
            steps[tie.branch_id, tie.ends_on + DAY] -= 1
    return steps


def _exempt(members: Collection[int]) -> set[int]:
    rows = Member.objects.filter(pk__in=list(members)).exclude(exempt_reason="")
    return set(rows.values_list("pk", flat=True))


def _study_of(members: Collection[int]) -> dict[int, set[UUID]]:
    """By member the subjects for which they count unless they are exempt."""
    study: dict[int, set[UUID]] = {member: {COUNTED} for member in members}
    rows = Progress.objects.filter(member__in=list(members))
    for member, key, finished_at in rows.values_list("member", "lesson_key", "finished_at"):
        study[member] |= {REACHED, key} if finished_at else {REACHED}
    return study


def _product(steps: Counter[Step], subjects: Counter[UUID]) -> Counter[tuple[int, date, UUID]]:
    return Counter(
        {
            (branch, day, subject): step * count
            for (branch, day), step in steps.items()
            for subject, count in subjects.items()
        }
    )


def _append(changes: Counter[tuple[int, date, UUID]]) -> None:
    rows = [(*key, count) for key, count in changes.items() if count]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        insert(BranchCountChange, _COLUMNS, rows[start : start + ROWS_AT_ONCE], "DO NOTHING")
