"""Whom a plan concerns, in counts: everybody who belongs to its branch or studies below it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from studyhub.people.models import Branch, BranchMembership, GroupMembership, Member


@dataclass(frozen=True)
class Concerned:
    """``members`` includes the ``exempt``, of whom nothing is required. ``groups``: name and how
    many of them study there; who studies in none is counted in ``alone``."""

    members: int
    exempt: int
    groups: list[tuple[str, int]]
    alone: int


def concerned(branch: Branch, day: date) -> Concerned:
    """Those whom a plan of the branch reaches on ``day``, as ``plans.plans_of`` has it."""
    own = BranchMembership.objects.in_force(day).filter(branch__path__startswith=branch.path)
    ties = GroupMembership.objects.in_force(day).filter(group__branch__path__startswith=branch.path)
    studying = dict(ties.values_list("member", "group__name"))
    reached = {*own.values_list("member", flat=True), *studying}
    concerns = Q(pk__in=own.values("member")) | Q(pk__in=ties.values("member"))
    exempt = Member.objects.filter(concerns).exclude(exempt_reason="").count()
    groups = Counter(ties.order_by("group__name").values_list("group__name", flat=True))
    return Concerned(len(reached), exempt, list(groups.items()), len(reached - {*studying}))
