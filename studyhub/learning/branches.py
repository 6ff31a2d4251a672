"""How the branches of a tree stand: counts without names, none of which tells about one or two."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from content import catalogue
from studyhub.core.clock import today
from studyhub.core.small_numbers import SMALLEST_SHOWN, safe_to_show
from studyhub.learning.counters import COUNTED, MEMBERS, REACHED, subject_value
from studyhub.learning.plans import asked, plan_of_branch, telling_day
from studyhub.people.models import Branch


@dataclass(frozen=True)
class BranchLine:
    """Counts for one branch with everything below it; no names.

    ``members`` are those whose home it is. The others count who is not exempt: ``reached`` those
    who began any lesson, ``finished`` of ``required`` pairs of a member and a required lesson of
    the plan. All None where fewer than ``SMALLEST_SHOWN`` people are counted, and where a smaller
    number could be found by subtraction.
    """

    branch: Branch
    members: int | None = None
    reached: int | None = None
    finished: int | None = None
    required: int | None = None

    @property
    def percent(self) -> int | None:
        """Rounded down; None where nothing is required or shown."""
        if self.finished is None or not self.required:
            return None
        return 100 * self.finished // self.required


def branch_summary(branch: Branch, plan_slug: str | None = None) -> list[BranchLine]:
    """Counts by child of the branch; without children, of the branch itself. Home branches count.

    Without a plan nothing is required of anybody. What is shown is decided for the whole tree:
    whoever sees other parts of it learns no more.
    """
    plan = plan_of_branch(branch, plan_slug)
    planned = list(plan.planned.all()) if plan else []
    titles = catalogue.titles([item.lesson_key for item in planned])
    keys = [item.lesson_key for item in asked(planned, titles)]
    root = branch.path[: Branch.steplen]
    counts = _Counts.of(root, keys, telling_day(plan) if plan else today())
    shown = counts.shown()
    below = Branch.objects.filter(path__startswith=branch.path, depth=branch.depth + 1)
    children = list(below.order_by("path")) or [branch]
    return [
        counts.line(child, len(keys)) if child.path in shown else BranchLine(child)
        for child in children
    ]


# What was summed up already and what changed since: of one moment, whatever is folded meanwhile.
# Summed before it is joined, and lessons as what is left of all: there are fifty rows to a branch.
_SUMS = """
    SELECT branch_id,
        sum(count) FILTER (WHERE subject = {members}) AS members,
        sum(count) FILTER (WHERE subject = {counted}) AS counted,
        sum(count) FILTER (WHERE subject = {reached}) AS reached,
        sum(count) AS everything
    FROM {table} WHERE day <= {day} AND subject IN ({subjects})
    GROUP BY branch_id
"""
_OWN = (
    """
    SELECT b.path, sum(c.members), sum(c.counted), sum(c.reached), sum(c.everything)
    FROM people_branch b
    LEFT JOIN (
"""  # noqa: S608  tables of ours alone
    + _SUMS.replace("{table}", "learning_branchcount")
    + "UNION ALL"
    + _SUMS.replace("{table}", "learning_branchcountchange")
    + """
    ) c ON c.branch_id = b.id
    WHERE b.path LIKE {below_root}
    GROUP BY b.path ORDER BY b.path
"""
)


@dataclass(frozen=True)
class _Counts:
    """By path of a branch: itself and all below it; ``own`` itself alone.

    Exempt members count in ``members`` and in nothing else.
    """

    own: Mapping[str, int]
    members: Counter[str]
    counted: Counter[str]
    reached: Counter[str]
    finished: Counter[str]

    @classmethod
    def of(cls, root: str, keys: list[UUID], day: date) -> "_Counts":
        """One query; what it costs grows with branches and lessons, not with members."""
        own: dict[str, int] = {}
        counts = cls(own, Counter(), Counter(), Counter(), Counter())
        for path, members, counted, reached, finished in _own(root, keys, day):
            own[path] = counted
            if members or counted:
                for above in _above(path):
                    counts.members[above] += members
                    counts.counted[above] += counted
                    counts.reached[above] += reached
                    counts.finished[above] += finished
        return counts

    def shown(self) -> set[str]:
        """The paths whose counts may be shown."""
        parents = {path: path[: -Branch.steplen] or None for path in self.own}
        return safe_to_show(parents, self.own, SMALLEST_SHOWN)

    def line(self, branch: Branch, lessons: int) -> BranchLine:
        """What a branch that may be shown is told as."""
        path = branch.path
        return BranchLine(
            branch=branch,
            members=self.members[path],
            reached=self.reached[path],
            finished=self.finished[path],
            required=self.counted[path] * lessons,
        )


def _above(path: str) -> Iterable[str]:
    """The branch itself and every one that it lies in."""
    return (path[:end] for end in range(Branch.steplen, len(path) + 1, Branch.steplen))


def _own(root: str, keys: list[UUID], day: date) -> list[tuple[str, int, int, int, int]]:
    """By branch of the tree, in its order: members, counted, reached, finished."""
    values = {
        "members": subject_value(MEMBERS),
        "counted": subject_value(COUNTED),
        "reached": subject_value(REACHED),
        "day": connection.ops.adapt_datefield_value(day),
        "below_root": f"{root}%",
    }
    lessons = {f"lesson{n}": subject_value(key) for n, key in enumerate(keys)}
    named = {name: f"%({name})s" for name in (*values, *lessons)}
    subjects = ", ".join(named[name] for name in ("members", "counted", "reached", *lessons))
    with connection.cursor() as cursor:
        cursor.execute(_OWN.format(subjects=subjects, **named), values | lessons)
        return [_read(path, *sums) for path, *sums in cursor.fetchall()]


def _read(path: str, *sums: Any) -> tuple[str, int, int, int, int]:
    members, counted, reached, everything = (int(one or 0) for one in sums)
    return path, members, counted, reached, everything - members - counted - reached
