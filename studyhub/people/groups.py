"""Joining, leaving, moving, holding an office: ties are dated, stay apart and are never erased.

The one module that writes ties. What is asked for a day that does not fit is refused in words;
nothing is left undone in silence.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TypeVar

from django.db import transaction

from studyhub.core.errors import Conflict
from studyhub.people.locks import lock_member
from studyhub.people.models import (
    Branch,
    BranchMembership,
    DatedTie,
    Duty,
    GroupMembership,
    Member,
    StudyGroup,
    User,
)

DAY = timedelta(days=1)
_Tie = TypeVar("_Tie", bound=DatedTie)


def join_group(*, member: Member, group: StudyGroup, on: date) -> GroupMembership:
    """The member studies with the group from ``on`` till further notice.

    Safe to repeat. A day before the present tie began moves its beginning; who comes back on the
    last day has never been away. Raises Conflict ``tie_ended`` for a day before that.
    """
    with lock_member(member):
        ties = GroupMembership.objects.filter(member=member, group=group)
        return _hold(ties.touching(on, None), GroupMembership(member=member, group=group), on)


def leave_group(*, member: Member, group: StudyGroup, on: date) -> None:
    """The member's last day in the group is ``on``; nothing happens to whoever is not in it.

    Raises Conflict ``leave_before_start`` for a day on which the present tie had not begun.
    """
    with lock_member(member):
        ties = GroupMembership.objects.filter(member=member, group=group)
        _end(ties.touching(on + DAY, None), on)


def move_group(*, member: Member, group: StudyGroup, on: date) -> GroupMembership:
    """From ``on`` the member studies with ``group`` alone; any other ends the day before.

    So nobody is in two groups, and counted twice, on the day of the move.
    """
    with lock_member(member):
        others = GroupMembership.objects.filter(member=member).exclude(group=group)
        _make_way(others.touching(on, None), on)
        return join_group(member=member, group=group, on=on)


def move_branch(*, member: Member, branch: Branch, kind: str, on: date) -> BranchMembership:
    """From ``on`` the member belongs to ``branch``; the tie before it ends the day before.

    ``kind`` is home or host. Safe to repeat; an earlier day moves the beginning. Raises Conflict
    ``move_before_start`` for a day on which another tie had not begun or just began.
    """
    with lock_member(member):
        ties = BranchMembership.objects.filter(member=member, kind=kind).touching(on, None)
        _make_way(ties.exclude(branch=branch), on)
        fresh = BranchMembership(member=member, branch=branch, kind=kind)
        return _hold(ties.filter(branch=branch), fresh, on)


@transaction.atomic
def begin_duty(
    *,
    user: User,
    kind: str,
    on: date,
    group: StudyGroup | None = None,
    branch: Branch | None = None,
) -> Duty:
    """The account holds the office from ``on`` till further notice; as with ``join_group``."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    ties = Duty.objects.filter(user=user, kind=kind, group=group, branch=branch)
    fresh = Duty(user=user, kind=kind, group=group, branch=branch)
    return _hold(ties.touching(on, None), fresh, on)


@transaction.atomic
def end_duty(duty: Duty, *, on: date) -> None:
    """The last day of the office is ``on``; raises Conflict ``leave_before_start``."""
    _end(Duty.objects.select_for_update().filter(pk=duty.pk).touching(on + DAY, None), on)


def _hold(ties: Iterable[_Tie], fresh: _Tie, on: date) -> _Tie:
    """One tie to the same from ``on`` and open: what touches these days is made into it."""
    known = sorted(ties, key=lambda tie: tie.starts_on)
    tie = known[0] if known else fresh
    if tie.ends_on not in (None, on) or len(known) > 1:
        raise Conflict(
            "tie_ended",
            f"已经登记过 {tie.starts_on:%Y-%m-%d} 开始、后来结束的一段，请从它结束后的日子起登记。",
        )
    if tie.pk and tie.starts_on <= on and tie.ends_on is None:
        return tie
    tie.starts_on = min(tie.starts_on, on) if tie.pk else on
    tie.ends_on = None
    tie.save(update_fields=["starts_on", "ends_on"] if tie.pk else None)
    return tie


def _end(ties: Iterable[DatedTie], on: date) -> None:
    for tie in ties:
        if tie.starts_on > on:
            raise Conflict(
                "leave_before_start",
                f"最后一天不能早于开始的日期 {tie.starts_on:%Y-%m-%d}，请改日期。",
            )
        tie.ends_on = on
        tie.save(update_fields=["ends_on"])


def _make_way(ties: Iterable[DatedTie], on: date) -> None:
    """What holds on ``on`` or later ends the day before."""
    for tie in ties:
        if tie.starts_on >= on:
            raise Conflict(
                "move_before_start",
                f"新的归属日期必须晚于现有归属的开始日期 {tie.starts_on:%Y-%m-%d}。",
            )
        tie.ends_on = on - DAY
        tie.save(update_fields=["ends_on"])
