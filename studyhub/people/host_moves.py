"""Whom a member's report takes elsewhere: to a host branch, perhaps to a group of it, from a day.

Part of the answer to a report (``people.moves``), by the liaison alone (decision 0035).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from studyhub.core.clock import today
from studyhub.core.errors import Invalid, NotFound
from studyhub.core.ids import parse_uuid
from studyhub.people import access, groups
from studyhub.people.models import Branch, BranchMembership, Member, StudyGroup, User

HOST = BranchMembership.Kind.HOST


@dataclass(frozen=True)
class HostMove:
    """Where to, and from when; without a group the member studies where they did."""

    branch: Branch
    group: StudyGroup | None
    on: date

    @property
    def said(self) -> dict[str, str]:
        """As the answer to a report keeps it."""
        group = {"group": self.group.name} if self.group else {}
        return {"host_branch": self.branch.name, "on": self.on.isoformat(), **group}


def destinations(user: access.Caller, member: Member) -> list[tuple[Branch, list[StudyGroup]]]:
    """Where the caller may hand the member over to, in the order of the tree."""
    branches = list(access.hosts_for(user, member))
    found: dict[int, list[StudyGroup]] = {branch.pk: [] for branch in branches}
    for group in _groups_in(branches).order_by("name", "pk"):
        found[group.branch_id].append(group)
    return [(branch, found[branch.pk]) for branch in branches]


def _groups_in(branches: Iterable[Branch]) -> QuerySet[StudyGroup]:
    return StudyGroup.objects.filter(branch__in=branches)


def read_host_move(by: User, member: Member, said: Mapping[str, object]) -> HostMove | None:
    """What ``to`` and ``on`` say: the id of a group or of a branch, and a day; None without.

    Raises NotFound ``host_not_found``, Invalid ``bad_day``.
    """
    if not said.get("to"):
        return None
    branch, group = _place(access.hosts_for(by, member), parse_uuid(str(said["to"])))
    return HostMove(branch=branch, group=group, on=_day(said.get("on")))


def _place(hosts: QuerySet[Branch], key: UUID | None) -> tuple[Branch, StudyGroup | None]:
    if key is not None:
        group = _groups_in(hosts).select_related("branch").filter(public_id=key).first()
        branch = group.branch if group else hosts.filter(public_id=key).first()
        if branch is not None:
            return branch, group
    raise NotFound("host_not_found", "不能转到这里，请从列出的党组织和小组里选。")


def _day(text: object) -> date:
    try:
        day = date.fromisoformat(str(text)) if text else today()
    except ValueError:
        raise Invalid("bad_day", "日期看不懂，请写成 2026-11-01。") from None
    if day > today():
        raise Invalid("bad_day", "日期最晚写今天，到了那天再登记。")
    return day


def hand_over(member: Member, move: HostMove, *, by: User) -> dict[str, str]:
    """From the day on the member is the host's, and of its group alone; where they were before.

    The caller holds the lock. Raises Conflict as ``people.groups`` does.
    """
    before = _where(member, move)
    groups.move_branch(member=member, branch=move.branch, kind=HOST, on=move.on, by=by)
    if move.group:
        groups.move_group(member=member, group=move.group, on=move.on, by=by)
    return before


def _where(member: Member, move: HostMove) -> dict[str, str]:
    host = member.branches.in_force(today()).filter(kind=HOST).select_related("branch").first()
    before = {"host_branch": host.branch.name} if host else {}
    if move.group:
        studied = member.groups.in_force(today()).select_related("group")
        before["group"] = "、".join(sorted(tie.group.name for tie in studied))
    return before
