"""One member at the desk: what the ledger says, what it said before, and what can be done.

Nothing here says what anybody studied.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from studyhub.core.clock import today
from studyhub.core.errors import Conflict, NotFound, StudyhubError
from studyhub.people import access, entries, merging
from studyhub.people import groups as ties
from studyhub.people.changes import shown_details, version_of
from studyhub.people.desk import for_branch_keepers, for_keepers, member_forms
from studyhub.people.desk.stale import changes_since
from studyhub.people.locks import lock_member
from studyhub.people.models import BranchMembership, LedgerChange, Member, User

HOME, HOST = BranchMembership.Kind.HOME, BranchMembership.Kind.HOST
LOOK = "台账资料"  # as it is told to the member
SHOWN = 100  # changes


@dataclass(frozen=True)
class Act:
    """A form of the page and what its button does; ``change`` takes member, data and caller."""

    title: str
    button: str
    form: type[Any]
    change: Callable[[Member, dict[str, Any], User], None]


def _home(member: Member, data: dict[str, Any], by: User) -> None:
    ties.move_branch(member=member, branch=data["branch"], kind=HOME, on=data["on"], by=by)


def _host(member: Member, data: dict[str, Any], by: User) -> None:
    ties.move_branch(member=member, branch=data["branch"], kind=HOST, on=data["on"], by=by)


def _leave_host(member: Member, data: dict[str, Any], by: User) -> None:
    ties.leave_branch(member=member, kind=HOST, on=data["on"], by=by)


def _join(member: Member, data: dict[str, Any], by: User) -> None:
    """Two groups of one branch are for the same people: one is chosen."""
    held = member.groups.touching(data["on"], None).filter(group__branch=data["group"].branch_id)
    if other := held.exclude(group=data["group"]).select_related("group").first():
        words = f"已经在同一个党组织的“{other.group}”，请用“换小组”，或先离开那个小组。"
        raise Conflict("in_another_group", words, field="group")
    ties.join_group(member=member, group=data["group"], on=data["on"], by=by)


def _change_group(member: Member, data: dict[str, Any], by: User) -> None:
    ties.move_group(member=member, group=data["group"], on=data["on"], by=by)


def _leave_group(member: Member, data: dict[str, Any], by: User) -> None:
    ties.leave_group(member=member, group=data["group"], on=data["on"], by=by)


def _exempt(member: Member, data: dict[str, Any], by: User) -> None:
    entries.exempt_member(member, data["reason"], by=by)


def _end_exemption(member: Member, data: dict[str, Any], by: User) -> None:
    entries.exempt_member(member, "", by=by)


def _end(member: Member, data: dict[str, Any], by: User) -> None:
    entries.end_entry(member, reason=data["reason"], on=data["on"], by=by)


def _undo_end(member: Member, data: dict[str, Any], by: User) -> None:
    entries.undo_end(member, by=by)


def _merge(member: Member, data: dict[str, Any], by: User) -> None:
    """Nobody merges their own entry: whose record an account opens hangs on it."""
    other = access.member_kept_by(by, data["other"])
    if not access.keeps_whole(by, other):
        raise NotFound("member_not_found", "台账里没有这个人，或者不在您的管理范围内。")
    if not access.keeps_ledger(by) and by.pk in (member.user_id, other.user_id):
        raise Conflict("own_entry", "自己的登记请上一级组织部合并。", field="other")
    merging.merge_entries(kept=member, other=other, by=by)


ACTS = {
    "home": Act("换所在党组织", "换党组织", member_forms.BranchForm, _home),
    "host": Act("登记流入地党组织", "登记流入地", member_forms.BranchForm, _host),
    "leave_host": Act("离开流入地", "离开流入地", member_forms.LastDayForm, _leave_host),
    "join": Act("进学习小组", "进小组", member_forms.GroupForm, _join),
    "change_group": Act("换小组", "只在这个小组", member_forms.GroupForm, _change_group),
    "leave_group": Act("离开小组", "离开小组", member_forms.GroupForm, _leave_group),
    "exempt": Act("免除学习要求", "免除", member_forms.ExemptForm, _exempt),
    "end_exemption": Act("不再免除", "不再免除", member_forms.PlainForm, _end_exemption),
    "end": Act("离开名册", "离开名册", member_forms.EndForm, _end),
    "undo_end": Act("撤销离开名册", "撤销，恢复到名册", member_forms.PlainForm, _undo_end),
    "merge": Act("合并", "合并", member_forms.MergeForm, _merge),
}
NOT_ON_PAGE = ("merge",)  # has a page of its own


@require_GET
@for_keepers
def member_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The member's lines, their history and what can be done; the look is noted."""
    user: Any = request.user
    kept = Member.objects.filter(public_id=public_id).exclude(merged_into=None)
    if merged := kept.select_related("merged_into").first():
        target: Any = merged.merged_into
        access.member_kept_by(user, target.public_id)
        return redirect("ledger:member", target.public_id)
    member = access.member_kept_by(user, public_id)
    access.note_views(user, [member], LOOK)
    return _page(request, member)


@require_POST
@for_branch_keepers
def act(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One change, by the word of its button; a refusal is said at the field it is about."""
    user: Any = request.user
    member = _whole(user, public_id)
    known = ACTS.get(request.POST.get("act", ""))
    if known is None:
        raise NotFound("unknown_act", "没有这个动作，请从页面上的按钮操作。")
    form = known.form(request.POST, prefix=request.POST["act"], places=_places(user))
    with lock_member(member):
        since = changes_since(member, request.POST.get("shown", ""))
        if form.is_valid() and not since and _done(form, lambda d: known.change(member, d, user)):
            messages.success(request, f"{known.title}：记下了。")
            return redirect("ledger:member", public_id)
    member.refresh_from_db()
    return _page(request, member, failed={request.POST["act"]: form}, since=since)


@require_POST
@for_branch_keepers
def correct(request: HttpRequest, public_id: UUID, kind: str, pk: int) -> HttpResponse:
    """The days of one tie as they really were."""
    user: Any = request.user
    member = _whole(user, public_id)
    form = member_forms.CorrectionForm(request.POST, prefix=f"{kind}-{pk}")
    with lock_member(member):
        since = changes_since(member, request.POST.get("shown", ""))
        rows: Any = member.branches if kind == "branch" else member.groups
        tie = rows.select_related("member").filter(pk=pk).first()
        if tie is None:
            raise NotFound("tie_not_found", "没有这条归属，请刷新页面。")
        if form.is_valid() and not since and _done(form, lambda d: _correct(tie, d, user)):
            messages.success(request, "日期改好了，原来的写在下面的“改动记录”里。")
            return redirect("ledger:member", public_id)
    return _page(request, member, failed={form.prefix: form}, since=since)


def _correct(tie: Any, days: dict[str, Any], by: User) -> None:
    ties.correct_tie(tie, **days, by=by)


def _whole(user: Any, public_id: UUID) -> Member:
    member = access.member_kept_by(user, public_id)
    if not access.keeps_whole(user, member):
        raise NotFound("member_not_found", "台账里没有这个人，或者不在您的管理范围内。")
    return member


def _done(form: Any, change: Callable[[dict[str, Any]], None]) -> bool:
    """Whether it was done; what stood in the way is said in the form."""
    try:
        change(form.cleaned_data)
    except NotFound:
        raise
    except StudyhubError as problem:
        form.refuse(problem.detail, problem.extra.get("field", "on"))
        return False
    return True


def _places(user: User) -> member_forms.Places:
    return member_forms.Places(
        access.branches_kept_by(user).filter(ended_on=None),
        access.study_groups_kept_by(user).order_by("name"),
    )


def _page(
    request: HttpRequest,
    member: Member,
    *,
    failed: dict[Any, Any] | None = None,
    since: list[LedgerChange] | None = None,
) -> HttpResponse:
    user: Any = request.user
    failed = failed or {}
    whole = access.keeps_whole(user, member)
    context = {
        "member": member,
        "whole": whole,
        "details": shown_details(member),
        "ties": _ties(member, failed, whole=whole),
        "acts": _acts(member, user, failed) if whole else [],
        "since": since or [],
        "version": version_of(member),
        "account": member.user,
        "merged": member.merged_entries.order_by("pk"),
        "changes": LedgerChange.objects.of(member)[:SHOWN],
        "header_title": member.name,
        "page_title": member.name,
        "header_icon": "user",
    }
    status = 422 if any(form.errors for form in failed.values()) else 409 if since else 200
    return render(request, "people/member.html", context, status=status)


def _ties(member: Member, failed: dict[Any, Any], *, whole: bool) -> list[dict[str, Any]]:
    """All there ever were, those of today first, each with the form of its days."""
    rows: list[tuple[str, str, Any]] = [
        ("branch", tie.get_kind_display(), tie)
        for tie in member.branches.select_related("branch").order_by("-starts_on", "-pk")
    ]
    rows += [
        ("group", "学习小组", study)
        for study in member.groups.select_related("group").order_by("-starts_on", "-pk")
    ]
    rows.sort(key=lambda row: row[2].ends_on is not None and row[2].ends_on < today())
    return [
        {
            "kind": kind,
            "label": label,
            "tie": tie,
            "place": tie.group if kind == "group" else tie.branch,
            "form": failed.get(f"{kind}-{tie.pk}") or (_correction(kind, tie) if whole else None),
        }
        for kind, label, tie in rows
    ]


def _correction(kind: str, tie: Any) -> Any:
    days = {"starts_on": tie.starts_on, "ends_on": tie.ends_on}
    return member_forms.CorrectionForm(prefix=f"{kind}-{tie.pk}", initial=days)


def _acts(member: Member, user: User, failed: dict[Any, Any]) -> list[dict[str, Any]]:
    """Those that make sense of the member as they are."""
    places = _places(user)
    return [
        {"name": name, "act": one, "form": failed.get(name) or one.form(prefix=name, places=places)}
        for name, one in ACTS.items()
        if name in _fitting(member) or name in failed
    ]


def _fitting(member: Member) -> list[str]:
    if member.ended_on:
        return ["undo_end"]
    exemption = "end_exemption" if member.exempt_reason else "exempt"
    names = ["home", "host", "join", exemption, "end"]
    if member.branches.touching(today(), None).filter(kind=HOST).exists():
        names.append("leave_host")
    if member.groups.touching(today(), None).exists():
        names += ["change_group", "leave_group"]
    return names
