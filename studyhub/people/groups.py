"""Joining, leaving, moving: ties are dated and never erased."""

from datetime import date, timedelta

from django.db import transaction

from studyhub.core.errors import Conflict
from studyhub.people.models import Branch, BranchMembership, GroupMembership, Member, StudyGroup


def join_group(*, member: Member, group: StudyGroup, on: date) -> GroupMembership:
    """The member studies with the group from ``on``.

    Safe to repeat: an open membership of the same group is returned as it is.
    """
    membership, _ = GroupMembership.objects.get_or_create(
        member=member, group=group, ends_on=None, defaults={"starts_on": on}
    )
    return membership


def leave_group(*, member: Member, group: StudyGroup, on: date) -> None:
    """The member's last day in the group is ``on``; nothing happens to whoever is not in it."""
    for membership in GroupMembership.objects.filter(member=member, group=group, ends_on=None):
        membership.ends_on = max(on, membership.starts_on)
        membership.save(update_fields=["ends_on"])


@transaction.atomic
def move_branch(*, member: Member, branch: Branch, kind: str, on: date) -> BranchMembership:
    """From ``on`` the member belongs to ``branch``; the tie before it ends the day before.

    ``kind`` is home or host. Raises Conflict ``move_before_start`` for a day on which the present
    tie had not begun or just began.
    """
    current = BranchMembership.objects.filter(member=member, kind=kind, ends_on=None).first()
    if current and current.branch_id == branch.pk:
        return current
    if current:
        if current.starts_on >= on:
            raise Conflict(
                "move_before_start",
                f"新的归属日期必须晚于现有归属的开始日期 {current.starts_on:%Y-%m-%d}。",
            )
        current.ends_on = on - timedelta(days=1)
        current.save(update_fields=["ends_on"])
    return BranchMembership.objects.create(member=member, branch=branch, kind=kind, starts_on=on)
