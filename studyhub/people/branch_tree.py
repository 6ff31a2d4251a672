"""The tree of organisations: made, renamed, moved, merged, ended. No row is ever deleted.

What a name or a day may not be is refused in words, with the ``field`` it was written in. Each act
is in the desk's log of the branch; what it means for a member is in the member's history.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from wagtail.log_actions import log

from studyhub.core.errors import Conflict
from studyhub.people import groups
from studyhub.people.changes import Act
from studyhub.people.models import Branch, BranchMembership, Duty, StudyGroup, User
from studyhub.people.roster.values import organisation_key

DAY = timedelta(days=1)
ADDED, RENAMED, MOVED, MERGED, ENDED = (
    f"studyhub.branch.{act}" for act in ("added", "renamed", "moved", "merged", "ended")
)


@transaction.atomic
def add_branch(*, name: str, kind: str, parent: Branch, by: User | None = None) -> Branch:
    """A new organisation below ``parent``; raises Conflict ``name_taken``, ``branch_ended``."""
    parent = _locked(parent)
    _refuse_ended(parent, "parent")
    _refuse_name(name, parent)
    branch: Branch = parent.add_child(name=name, kind=kind)
    _log(branch, ADDED, by, f"建在“{parent}”下面")
    return branch


@transaction.atomic
def rename_branch(branch: Branch, *, name: str, kind: str, by: User | None = None) -> None:
    """Raises Conflict ``name_taken`` where a neighbour is called so."""
    branch = _locked(branch)
    _refuse_name(name, branch.get_parent(), but=branch)
    before = f"{branch}（{branch.get_kind_display()}）"
    branch.name, branch.kind = name, kind
    branch.save(update_fields=["name", "kind"])
    _log(branch, RENAMED, by, f"{before} 改成 {branch}（{branch.get_kind_display()}）")


@transaction.atomic
def place_branch(branch: Branch, *, parent: Branch, by: User | None = None) -> None:
    """Moves it with all below it; raises Conflict ``in_a_circle``, ``name_taken``."""
    branch = _locked(branch)
    parent = Branch.objects.get(pk=parent.pk)
    if parent.pk == branch.pk or parent.is_descendant_of(branch):
        words = "不能移到它自己或它下级的下面，请选别的上级。"
        raise Conflict("in_a_circle", words, field="parent")
    _refuse_ended(parent, "parent")
    _refuse_name(branch.name, parent, but=branch, field="parent")
    before = branch.get_parent()
    branch.move(parent, "last-child")
    _log(branch, MOVED, by, f"从“{before or '最上一级'}”移到“{parent}”下面")


@transaction.atomic
def merge_branches(*, kept: Branch, other: Branch, on: date, by: User | None = None) -> int:
    """From ``on`` all of ``other`` belongs to ``kept``; the other ended the day before.

    Members are carried over with a date, lower branches and groups at once; offices for the other
    end with it. Returns how many members. Raises Conflict as ``end_branch`` does.
    """
    other = _locked(other)
    kept = Branch.objects.get(pk=kept.pk)
    if kept.pk == other.pk or kept.is_descendant_of(other):
        raise Conflict("in_a_circle", "不能并到它自己或它的下级，请选别的党组织。", field="to")
    for child in list(other.get_children()):
        place_branch(child, parent=kept, by=by)
    return _close(other, kept, last=on - DAY, act=Act.BRANCH_MERGED, log_as=MERGED, by=by)


@transaction.atomic
def end_branch(
    branch: Branch, *, on: date, to: Branch | None = None, by: User | None = None
) -> int:
    """The last day of the branch is ``on``; its members belong to ``to`` from the day after.

    Returns how many members. Raises Conflict ``branch_ended``, ``has_children``, ``has_members``
    where nobody says where they go, ``move_before_start`` for a day before somebody came.
    """
    branch = _locked(branch)
    if branch.get_children().filter(ended_on=None).exists():
        raise Conflict("has_children", "它下面还有党组织，请先移走或撤销。", field="to")
    if to and to.pk == branch.pk:
        raise Conflict("in_a_circle", "人不能转到要撤销的党组织，请选别的。", field="to")
    return _close(branch, to, last=on, act=Act.BRANCH_ENDED, log_as=ENDED, by=by)


def _close(
    branch: Branch, to: Branch | None, *, last: date, act: Act, log_as: str, by: User | None
) -> int:
    _refuse_ended(branch, "on")
    ties = BranchMembership.objects.filter(branch=branch)
    after = list(ties.touching(last + DAY, None).select_related("member"))
    studying = StudyGroup.objects.filter(branch=branch)
    if to is None and (after or studying.exists()):
        words = f"还有 {len(after)} 个人和 {studying.count()} 个小组在这里，请选他们转到哪里。"
        raise Conflict("has_members", words, field="to")
    if to:
        _refuse_ended(to, "to")
        for tie in after:
            _carry(tie, to, last + DAY, act, by)
        studying.update(branch=to)
    _end_offices(branch, last)
    branch.ended_on = last
    branch.save(update_fields=["ended_on"])
    where = f"，{len(after)} 个人转到“{to}”" if to else ""
    _log(branch, log_as, by, f"到 {last:%Y-%m-%d} 为止{where}")
    return len(after)


def _carry(tie: BranchMembership, to: Branch, on: date, act: Act, by: User | None) -> None:
    try:
        groups.carry_over(tie, to, on=on, act=act, by=by)
    except Conflict as conflict:
        field = "on" if conflict.code == "move_before_start" else "to"
        raise Conflict(conflict.code, f"{tie.member}：{conflict.detail}", field=field) from None


def _end_offices(branch: Branch, last: date) -> None:
    """Raises Conflict ``leave_before_start`` where one began later."""
    for duty in Duty.objects.filter(branch=branch).touching(last + DAY, None):
        groups.end_duty(duty, on=last)


def _locked(branch: Branch) -> Branch:
    """As it is now, while nobody else changes the tree: its root stands for all of it."""
    Branch.objects.select_for_update().filter(depth=1).order_by("path").first()
    return Branch.objects.get(pk=branch.pk)


def _refuse_ended(branch: Branch, field: str) -> None:
    if branch.ended_on:
        words = f"“{branch}”{branch.ended_on:%Y-%m-%d} 已经撤销，请选别的党组织。"
        raise Conflict("branch_ended", words, field=field)


def _refuse_name(
    name: str, parent: Branch | None, *, but: Branch | None = None, field: str = "name"
) -> None:
    """Two neighbours that are called the same would be mixed up."""
    beside: Iterable[Branch] = parent.get_children() if parent else Branch.get_root_nodes()
    key = organisation_key(name)
    for one in beside:
        if one.ended_on is None and one != but and organisation_key(one.name) == key:
            words = f"同一个上级下面已经有“{one}”，请换一个名称。"
            raise Conflict("name_taken", words, field=field)


def _log(branch: Branch, action: str, by: User | None, words: str) -> None:
    log(branch, action, user=by, title=branch.name, data={"words": words})
