"""Two entries of one person made into one; the other is kept, and points to it.

Ties of both become the kept entry's: the same place told twice is told once, for all its days.
Where two places of a kind share a day nobody can know which is right: that is told, and nothing is
changed. What study has of the member follows by the signal ``members_merged``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from studyhub.core.errors import Conflict
from studyhub.core.signals import members_merged
from studyhub.people.changes import Act, note_change, noting_all, shown_tie, shown_ties
from studyhub.people.locks import lock_member
from studyhub.people.models import (
    BranchMembership,
    Contact,
    ErasureRequest,
    JoinRequest,
    Member,
    MoveAnswer,
    MoveReport,
    PersonalCode,
    RecordView,
    User,
)

FILLED = ("phone", "host_place_code", "host_place_name", "left_on", "return_month", "exempt_reason")
FOLLOWING = (RecordView, PersonalCode, Contact, MoveReport, MoveAnswer, JoinRequest)  # as they are
Ties = Sequence[Any]


@transaction.atomic
def merge_entries(*, kept: Member, other: Member, by: User | None = None) -> None:
    """All of ``other`` goes to ``kept``; accounts and numbers of both go on working.

    Raises Conflict ``same_entry``, ``one_has_left``, ``ties_clash``.
    """
    first, second = sorted((kept, other), key=lambda member: member.pk)
    with lock_member(first), lock_member(second):
        kept.refresh_from_db()
        other.refresh_from_db()
        _refuse_unfit(kept, other)
        _refuse_clashes(kept, other)
        before = shown_ties(other)
        with noting_all(kept, Act.MERGED, by=by):
            _unite_ties(kept, other)
            _fill(kept, other)
        _point(kept, other)
        words = {label: "；".join(texts) for label, texts in before.items() if texts}
        note_change(other, Act.MERGED, words, {"并到": f"{kept.name}的另一条登记"}, by=by)
        members_merged.send(Member, kept=kept, other=other)


def _refuse_unfit(kept: Member, other: Member) -> None:
    if kept.pk == other.pk or kept.merged_into_id or other.merged_into_id:
        raise Conflict("same_entry", "这两条已经是同一条登记了，请刷新页面。", field="other")
    if kept.ended_on != other.ended_on:
        words = "两条登记离开名册的日期不一样，请先撤销“离开名册”，再合并。"
        raise Conflict("one_has_left", words, field="other")


def clashes(kept: Member, other: Member) -> list[str]:
    """What of the ties of both cannot be true together, in words."""
    mine = list(kept.branches.select_related("branch"))
    theirs = list(other.branches.select_related("branch"))
    return [
        f"{_what(one)}：要保留的写着{shown_tie(one)}，另一条写着{shown_tie(two)}"
        for one in mine
        for two in theirs
        if _share_a_day(one, two) and (one.kind == two.kind) != (one.branch_id == two.branch_id)
    ]


def _what(tie: BranchMembership) -> str:
    return tie.get_kind_display()


def _refuse_clashes(kept: Member, other: Member) -> None:
    if found := clashes(kept, other):
        words = f"两条登记的日期对不上，没有合并。{'；'.join(found)}。请先更正其中一条的日期。"
        raise Conflict("ties_clash", words, field="other")


def _share_a_day(one: Any, two: Any) -> bool:
    first, last = max(one.starts_on, two.starts_on), min(_last(one), _last(two))
    return bool(first <= last)


def _last(tie: Any) -> date:
    return tie.ends_on or date.max


def _unite_ties(kept: Member, other: Member) -> None:
    for name, key in (("branches", ("kind", "branch_id")), ("groups", ("group_id",))):
        same = defaultdict(list)
        for tie in [*getattr(kept, name).all(), *getattr(other, name).all()]:
            same[tuple(getattr(tie, part) for part in key)].append(tie)
        for ties in same.values():
            for touching in _clusters(ties):
                _as_one(kept, touching)


def _clusters(ties: Iterable[Any]) -> Iterator[Ties]:
    """Those that share days with each other, the first first."""
    cluster: list[Any] = []
    for tie in sorted(ties, key=lambda tie: (tie.starts_on, tie.pk)):
        if cluster and all(tie.starts_on > _last(one) for one in cluster):
            yield cluster
            cluster = []
        cluster.append(tie)
    if cluster:
        yield cluster


def _as_one(kept: Member, ties: Ties) -> None:
    """One row of the kept entry for all these days; the days stand in the history as they were."""
    tie = next((one for one in ties if one.member_id == kept.pk), ties[0])
    last = max(map(_last, ties))
    for one in ties:
        if one is not tie:
            one.delete()
    tie.member, tie.starts_on = kept, min(one.starts_on for one in ties)
    tie.ends_on = None if last == date.max else last
    tie.save(update_fields=["member", "starts_on", "ends_on"])


def _fill(kept: Member, other: Member) -> None:
    """What the kept entry does not say, as the other said it; an account, if it has none."""
    filled = [name for name in FILLED if not getattr(kept, name) and getattr(other, name)]
    for name in filled:
        setattr(kept, name, getattr(other, name))
    kept.save(update_fields=filled)
    if kept.user is None and other.user is not None:
        kept.user, other.user = other.user, None
        other.save(update_fields=["user"])
        kept.save(update_fields=["user"])


def _point(kept: Member, other: Member) -> None:
    """What was done about the other and earlier entries follow; it points to the kept one."""
    Member.objects.filter(merged_into=other).update(merged_into=kept)
    for rows in FOLLOWING:
        rows._default_manager.filter(member=other).update(member=kept)
    wishes = ErasureRequest.objects.filter(member=other)
    if ErasureRequest.objects.filter(member=kept, answered_at=None).exists():
        wishes = wishes.exclude(answered_at=None)
    wishes.update(member=kept)
    other.merged_into = kept
    other.save(update_fields=["merged_into"])
