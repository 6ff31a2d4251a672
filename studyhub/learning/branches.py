"""How the branches of a tree stand: counts without names, none of which tells about one or two."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count

from content import catalogue
from studyhub.core.clock import today
from studyhub.core.small_numbers import SMALLEST_SHOWN, safe_to_show
from studyhub.learning.models import Progress
from studyhub.learning.plans import asked, plan_of_branch, telling_day
from studyhub.people.models import Branch, BranchMembership


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
    tree = list(Branch.objects.filter(path__startswith=root).order_by("path"))
    counts = _Counts.of(tree, keys, telling_day(plan) if plan else today())
    shown = counts.shown(tree)
    children = [one for one in tree if one.is_child_of(branch)] or [branch]
    return [
        counts.line(child, len(keys)) if child.path in shown else BranchLine(child)
        for child in children
    ]


@dataclass(frozen=True)
class _Counts:
    """By path of a branch: itself and all below it; ``own`` itself alone.

    Exempt members count in ``members`` and in nothing else.
    """

    own: Counter[str]
    members: Counter[str]
    counted: Counter[str]
    reached: Counter[str]
    finished: Counter[str]

    @classmethod
    def of(cls, tree: list[Branch], keys: list[UUID], day: date) -> "_Counts":
        """Four queries, however large the tree."""
        homes = BranchMembership.objects.in_force(day).filter(
            kind=BranchMembership.Kind.HOME, branch__in=tree
        )
        of_tree = Progress.objects.filter(member__in=homes.values("member"))
        done = of_tree.finished().of_lessons(keys).values("member").annotate(count=Count("pk"))
        finished = dict(done.values_list("member", "count"))
        reached = set(of_tree.values_list("member", flat=True))
        counts = cls(Counter(), Counter(), Counter(), Counter(), Counter())
        people = homes.values_list("member", "member__exempt_reason", "branch__path")
        for member, exempt, path in people:
            above = list(_above(path))
            counts.members.update(above)
            if not exempt:
                counts.own[path] += 1
                counts.counted.update(above)
                counts.reached.update(above if member in reached else [])
                counts.finished.update(dict.fromkeys(above, finished.get(member, 0)))
        return counts

    def shown(self, tree: list[Branch]) -> set[str]:
        """The paths whose counts may be shown."""
        parents = {one.path: one.path[: -Branch.steplen] or None for one in tree}
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
