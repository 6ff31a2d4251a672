"""Counts by branch: summed up while they are few, compared with the rows they follow from.

What a statement of PostgreSQL reads is of one moment. So the comparison is one statement, and may
run while people study: whoever is at work shows in both or in neither.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from studyhub.learning.counters import COUNTED, MEMBERS, REACHED, subject_value
from studyhub.learning.models import BranchCount, BranchCountChange

FOLDED_AT_ONCE = 5000

# A tie counts from its first day on, and counts back from the day after its last.
_TRUE = """
    WITH step AS (
        SELECT t.member_id, t.branch_id, t.starts_on AS day, 1 AS count, m.exempt_reason
        FROM people_branchmembership t JOIN people_member m ON m.id = t.member_id
        WHERE t.kind = 'home'
        UNION ALL
        SELECT t.member_id, t.branch_id, {day_after}, -1, m.exempt_reason
        FROM people_branchmembership t JOIN people_member m ON m.id = t.member_id
        WHERE t.kind = 'home' AND t.ends_on IS NOT NULL
    )
    SELECT branch_id, day, {members} AS subject, sum(count) AS count
    FROM step GROUP BY branch_id, day
    UNION ALL
    SELECT branch_id, day, {counted}, sum(count)
    FROM step WHERE exempt_reason = '' GROUP BY branch_id, day
    UNION ALL
    SELECT branch_id, day, {reached}, sum(count)
    FROM step WHERE exempt_reason = ''
        AND EXISTS (SELECT 1 FROM learning_progress p WHERE p.member_id = step.member_id)
    GROUP BY branch_id, day
    UNION ALL
    SELECT branch_id, day, p.lesson_key, sum(count)
    FROM step JOIN learning_progress p ON p.member_id = step.member_id
    WHERE exempt_reason = '' AND p.finished_at IS NOT NULL
    GROUP BY branch_id, day, p.lesson_key
"""
_COMPARED = """
    SELECT branch_id, day, subject, sum(stored) AS stored, sum(truth) AS truth
    FROM (
        SELECT branch_id, day, subject, count AS stored, 0 AS truth FROM learning_branchcount
        UNION ALL
        SELECT branch_id, day, subject, count, 0 FROM learning_branchcountchange
        UNION ALL
        SELECT branch_id, day, subject, 0, count FROM ({true}) AS counted_anew
    ) AS both_of_them
    GROUP BY branch_id, day, subject
    HAVING sum(stored) <> sum(truth)
"""
_ADD = """
    INSERT INTO learning_branchcount (branch_id, day, subject, count) VALUES (%s, %s, %s, %s)
    ON CONFLICT (branch_id, subject, day)
    DO UPDATE SET count = learning_branchcount.count + excluded.count
"""
_REPAIR = """
    INSERT INTO learning_branchcountchange (branch_id, day, subject, count)
    SELECT branch_id, day, subject, truth - stored FROM ({compared}) AS differing
"""


@dataclass(frozen=True)
class Drift:
    """What counts for a branch from ``day`` on and is not what the rows say."""

    branch_id: int
    day: date
    subject: UUID
    stored: int
    true: int


def find_drift() -> list[Drift]:
    """Where counts and rows differ, by branch; empty unless something wrote past the rules."""
    with connection.cursor() as cursor:
        cursor.execute(*_compared(f"{_COMPARED} ORDER BY branch_id, day, subject"))
        rows = cursor.fetchall()
    return [Drift(*_read(*row[:3]), int(row[3]), int(row[4])) for row in rows]


@transaction.atomic
def repair_counts() -> int:
    """Appends what is missing, beside people at work; how many counts were wrong.

    From nothing it is the whole count. The database does it all: memory here stays small.
    """
    _take_turns()
    with connection.cursor() as cursor:
        cursor.execute(*_compared(_REPAIR.format(compared=_COMPARED)))
        return int(cursor.rowcount)


def begin_counts() -> None:
    """The whole count, where nothing was ever counted."""
    if not BranchCount.objects.exists() and not BranchCountChange.objects.exists():
        repair_counts()


def fold_changes() -> int:
    """Adds changes to the counts until none is left; how many they were.

    Safe to break off: a step is one transaction, and every reader adds up both tables.
    """
    folded = 0
    while some := _fold_some():
        folded += some
    return folded


@transaction.atomic
def _fold_some() -> int:
    _take_turns()
    rows = list(BranchCountChange.objects.order_by("pk")[:FOLDED_AT_ONCE])
    sums: Counter[tuple[int, date, UUID]] = Counter()
    for row in rows:
        sums[row.branch_id, row.day, row.subject] += row.count
    with connection.cursor() as cursor:
        cursor.executemany(
            _ADD,
            [
                (branch, connection.ops.adapt_datefield_value(day), subject_value(subject), count)
                for (branch, day, subject), count in sums.items()
                if count
            ],
        )
    BranchCountChange.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _take_turns() -> None:
    """One folds or repairs at a time, else changes were added twice; SQLite has one writer anyhow.

    Nobody who reads counts or appends changes waits for it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE learning_branchcount IN SHARE ROW EXCLUSIVE MODE")


def _compared(sql: str) -> tuple[str, list[Any]]:
    is_sqlite = connection.vendor == "sqlite"
    subjects = dict.fromkeys(("members", "counted", "reached"), "%s")
    day_after = "date(t.ends_on, '+1 day')" if is_sqlite else "t.ends_on + 1"
    true = _TRUE.format(day_after=day_after, **subjects)
    return sql.format(true=true), list(map(subject_value, (MEMBERS, COUNTED, REACHED)))


def _read(branch_id: int, day: Any, subject: Any) -> tuple[int, date, UUID]:
    """SQLite knows neither days nor keys."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return branch_id, day, subject if isinstance(subject, UUID) else UUID(subject)
