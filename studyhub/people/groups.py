"""Joining, leaving, moving, holding an office: ties are dated, stay apart and are never erased.

The one module that writes ties, with ``people.merging`` for two entries of one person. ``by`` is
whose act it is, for the member's history. What is asked for a day that does not fit is refused in
words; nothing is left undone in silence.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from django.db import transaction

from studyhub.core.errors import Conflict
from studyhub.people.changes import Act, noting_ties
from studyhub.people.locks import lock_member
from studyhub.people.models import (
    Branch,
    BranchMembership,
    DatedTie,
    Duty,
    GroupMembership,
    LedgerChange,
    Member,
    StudyGroup,
    User,
)

DAY = timedelta(days=1)
ACTS: dict[str, Act] = {
    BranchMembership.Kind.HOME: Act.HOME,
    BranchMembership.Kind.HOST: Act.HOST,
}
MemberTie = BranchMembership | GroupMembership
_Tie = TypeVar("_Tie", bound=DatedTie)


def join_group(
    *, member: Member, group: StudyGroup, on: date, by: User | None = None
) -> GroupMembership:
    """The member studies with the group from ``on`` till further notice.

    Safe to repeat. A day before the present tie began moves its beginning; who comes back on the
    last day has never been away. Raises Conflict ``tie_ended`` for a day before that, ``has_left``.
    """
    with lock_member(member) as locked, noting_ties(locked.member, Act.GROUP_JOINED, by=by):
        member = locked.member
        _refuse_left(member)
        return _join(member, group, on)


def _join(member: Member, group: StudyGroup, on: date) -> GroupMembership:
    ties = GroupMembership.objects.filter(member=member, group=group)
    return _hold(ties.touching(on, None), GroupMembership(member=member, group=group), on)


def leave_group(*, member: Member, group: StudyGroup, on: date, by: User | None = None) -> None:
    """The member's last day in the group is ``on``; nothing happens to whoever is not in it.

    Raises Conflict ``leave_before_start`` for a day on which the present tie had not begun.
    """
    with lock_member(member) as locked, noting_ties(locked.member, Act.GROUP_LEFT, by=by):
        member = locked.member
        ties = GroupMembership.objects.filter(member=member, group=group)
        _end(ties.touching(on + DAY, None), on)


def move_group(
    *, member: Member, group: StudyGroup, on: date, by: User | None = None
) -> GroupMembership:
    """From ``on`` the member studies with ``group`` alone; any other ends the day before.

    So nobody is in two groups, and counted twice, on the day of the move. Raises as ``join_group``.
    """
    with lock_member(member) as locked, noting_ties(locked.member, Act.GROUP_JOINED, by=by):
        member = locked.member
        _refuse_left(member)
        others = GroupMembership.objects.filter(member=member).exclude(group=group)
        _make_way(others.touching(on, None), on)
        return _join(member, group, on)


def move_branch(
    *,
    member: Member,
    branch: Branch,
    kind: str,
    on: date,
    by: User | None = None,
    act: LedgerChange.Act | None = None,
) -> BranchMembership:
    """From ``on`` the member belongs to ``branch``; the tie before it ends the day before.

    ``kind`` is home or host. Safe to repeat; an earlier day moves the beginning. Raises Conflict
    ``move_before_start`` for a day on which another tie had not begun or just began,
    ``host_is_home`` where home and host would be one, ``has_left``.
    """
    with lock_member(member) as locked, noting_ties(locked.member, act or ACTS[kind], by=by):
        member = locked.member
        _refuse_left(member)
        ties = BranchMembership.objects.filter(member=member, kind=kind).touching(on, None)
        _make_way(ties.exclude(branch=branch), on)
        fresh = BranchMembership(member=member, branch=branch, kind=kind)
        tie = _hold(ties.filter(branch=branch), fresh, on)
        _refuse_same_place(tie)
        return tie


def leave_branch(*, member: Member, kind: str, on: date, by: User | None = None) -> None:
    """The last day of the present tie of this kind is ``on``."""
    with lock_member(member) as locked, noting_ties(locked.member, ACTS[kind], by=by):
        member = locked.member
        ties = BranchMembership.objects.filter(member=member, kind=kind)
        _end(ties.touching(on + DAY, None), on)


def carry_over(
    tie: BranchMembership, branch: Branch, *, on: date, act: Act, by: User | None = None
) -> None:
    """From ``on`` the tie is to ``branch`` instead, for as long as it would have held.

    As it is under the lock: nothing happens where it has gone, or ended before ``on``. Raises
    Conflict ``move_before_start``, ``tie_overlaps``, ``host_is_home``.
    """
    with lock_member(tie.member) as locked, noting_ties(locked.member, act, by=by):
        member = locked.member
        stored = member.branches.filter(pk=tie.pk).touching(on, None).first()
        if stored is None:
            return
        tie, last = stored, stored.ends_on
        _make_way([tie], on)
        fresh = BranchMembership(member=member, branch=branch, kind=tie.kind, ends_on=last)
        fresh.starts_on = on
        fresh.save()
        _refuse_same_place(fresh)


def correct_tie(
    tie: MemberTie, *, starts_on: date, ends_on: date | None, by: User | None = None
) -> None:
    """The days of a tie as they really were; what was believed before stays in the history.

    Raises Conflict ``end_before_start``, ``tie_overlaps``, ``host_is_home``, ``has_left``,
    ``tie_gone``.
    """
    with lock_member(tie.member) as locked, noting_ties(locked.member, Act.CORRECTED, by=by):
        if not type(tie).objects.filter(pk=tie.pk, member=locked.member).exists():
            raise Conflict("tie_gone", "这一段归属刚刚被改动过，请刷新页面再改。")
        if ends_on and ends_on < starts_on:
            words = f"最后一天不能早于开始的日期 {starts_on:%Y-%m-%d}，请改日期。"
            raise Conflict("end_before_start", words, field="ends_on")
        left = _left_on(locked.member)
        if left and (ends_on is None or ends_on > left):
            words = f"这个人 {left:%Y-%m-%d} 已经离开名册，归属不能到那以后。"
            raise Conflict("has_left", words, field="ends_on")
        tie.starts_on, tie.ends_on = starts_on, ends_on
        tie.save(update_fields=["starts_on", "ends_on"])
        if isinstance(tie, BranchMembership):
            _refuse_same_place(tie)


def _refuse_left(member: Member) -> None:
    """Nothing begins for who is not on the ledger any more, as it is under the lock."""
    if left := _left_on(member):
        words = f"这个人 {left:%Y-%m-%d} 已经离开名册，不能再登记新的归属。"
        raise Conflict("has_left", words)


def _left_on(member: Member) -> date | None:
    return Member.objects.values_list("ended_on", flat=True).get(pk=member.pk)


def _refuse_same_place(tie: BranchMembership) -> None:
    """A host is another branch than the home; the transaction takes the tie back."""
    others = BranchMembership.objects.filter(member=tie.member, branch=tie.branch)
    other = others.exclude(kind=tie.kind).touching(tie.starts_on, tie.ends_on).first()
    if other:
        words = f"“{tie.branch}”在这段日期里已经是{other.get_kind_display()}，请选另一个党组织。"
        raise Conflict("host_is_home", words, field="branch")


def end_ties(member: Member, *, on: date) -> None:
    """No tie of the member outlives ``on``; the caller holds the lock and notes it."""
    for ties in (member.branches.all(), member.groups.all()):
        _end(ties.touching(on + DAY, None), on)


def reopen_ties(member: Member, *, ended_on: date) -> None:
    """What ended with the member's time on the ledger goes on; as with ``end_ties``."""
    for ties in (member.branches.all(), member.groups.all()):
        for tie in ties.filter(ends_on=ended_on):
            tie.ends_on = None
            tie.save(update_fields=["ends_on"])


def enter_branches(pairs: Iterable[tuple[Member, Branch]], *, kind: str, on: date) -> None:
    """First ties of members just entered, who have none of this kind yet."""
    BranchMembership.objects.bulk_create(
        BranchMembership(member=member, branch=branch, kind=kind, starts_on=on)
        for member, branch in pairs
    )


def enter_groups(pairs: Iterable[tuple[Member, StudyGroup]], *, on: date) -> None:
    """First groups of members just entered."""
    GroupMembership.objects.bulk_create(
        GroupMembership(member=member, group=group, starts_on=on) for member, group in pairs
    )


def withdraw_ties(members: Collection[int]) -> None:
    """Members who should not have been entered belong nowhere; the caller notes what stood."""
    BranchMembership.objects.filter(member__in=members).delete()
    GroupMembership.objects.filter(member__in=members).delete()


TieDays = tuple[int, str, str | None]  # key of a tie, its first and its last day


def days_of_ties(member: Member) -> dict[str, list[TieDays]]:
    """All ties of the member with their days, so that they can be put back."""
    return {
        name: [
            (tie.pk, tie.starts_on.isoformat(), tie.ends_on and tie.ends_on.isoformat())
            for tie in getattr(member, name).all()
        ]
        for name in ("branches", "groups")
    }


def put_back_ties(member: Member, ties: Mapping[str, Iterable[TieDays]]) -> None:
    """The ties as ``days_of_ties`` told of them; the caller holds the lock and notes it."""
    for name, told in ties.items():
        days = {pk: (first, last) for pk, first, last in told}
        rows = getattr(member, name)
        rows.exclude(pk__in=days).delete()
        for tie in rows.filter(pk__in=days):
            first, last = days[tie.pk]
            tie.starts_on = date.fromisoformat(first)
            tie.ends_on = last and date.fromisoformat(last)
            tie.save(update_fields=["starts_on", "ends_on"])


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


def obstacle(ties: Iterable[DatedTie], on: date) -> str:
    """Why what holds on ``on`` or later cannot end the day before; nothing where it can."""
    begun = next((tie.starts_on for tie in ties if tie.starts_on >= on), None)
    return f"新的归属日期必须晚于现有归属的开始日期 {begun:%Y-%m-%d}。" if begun else ""


def _make_way(ties: Iterable[DatedTie], on: date) -> None:
    """What holds on ``on`` or later ends the day before."""
    for tie in ties:
        if words := obstacle([tie], on):
            raise Conflict("move_before_start", words)
        tie.ends_on = on - DAY
        tie.save(update_fields=["ends_on"])
