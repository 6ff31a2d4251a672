"""学习小组 at the desk: who studies in which, who leads it, a way in for each."""

from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studyhub.core.characters import one_line
from studyhub.core.clock import today
from studyhub.core.errors import Conflict, NotFound, StudyhubError
from studyhub.core.ids import parse_uuid
from studyhub.core.numbers import whole_number
from studyhub.core.pinyin_order import title_key
from studyhub.people import access
from studyhub.people import groups as ties
from studyhub.people.desk import for_branch_keepers
from studyhub.people.models import (
    Branch,
    BranchMembership,
    Duty,
    GroupMembership,
    Member,
    StudyGroup,
)
from studyhub.people.personal_codes import account_of, give_code

LEADERS = (Duty.Kind.LEADER, Duty.Kind.LIAISON)
LONGEST = 60


@require_http_methods(["GET", "POST"])
@for_branch_keepers
def study_groups(request: HttpRequest) -> HttpResponse:
    """All groups with what they lack, and the form for a new one."""
    problem = ""
    if request.method == "POST":
        try:
            return redirect("study_groups:group", _made(request).public_id)
        except StudyhubError as error:
            problem = error.detail
    context = {
        "problem": problem,
        "groups": _summaries(request),
        "branches": _branches(request),
        "name": request.POST.get("name", ""),
        "header_title": "学习小组",
        "page_title": "学习小组",
        "header_icon": "group",
    }
    return render(request, "people/groups.html", context, status=422 if problem else 200)


def _made(request: HttpRequest) -> StudyGroup:
    name = one_line(request.POST.get("name", "")).strip()
    branch = _branches(request).filter(pk=whole_number(request.POST.get("branch"))).first()
    if not name or len(name) > LONGEST or branch is None:
        raise Conflict("group_incomplete", "请写小组的名称（不超过 60 个字），并选它所在的党组织。")
    if StudyGroup.objects.filter(name=name).exists():
        raise Conflict("group_exists", "已经有叫这个名称的小组，请换一个名称。")
    return StudyGroup.objects.create(name=name, branch=branch)


def _branches(request: HttpRequest) -> QuerySet[Branch]:
    return access.branches_kept_by(request.user).filter(ended_on=None)


def _summaries(request: HttpRequest) -> list[dict[str, Any]]:
    """Each group with how many study in it and who leads it, in three queries for all."""
    counts = Counter(GroupMembership.objects.in_force(today()).values_list("group", flat=True))
    leaders = defaultdict(list)
    for duty in _in_force(Duty.objects):
        leaders[duty.group_id].append(duty.user.get_full_name())
    groups = sorted(
        access.study_groups_kept_by(request.user).select_related("branch"),
        key=lambda group: (title_key(group.name), group.pk),
    )
    return [
        {"group": group, "members": counts[group.pk], "leaders": leaders[group.pk]}
        for group in groups
    ]


def _duties(group: StudyGroup) -> Any:
    return _in_force(group.duties)


def _in_force(duties: Any) -> Any:
    held = duties.in_force(today()).filter(kind__in=LEADERS)
    return held.select_related("user__member").order_by("kind", "starts_on", "pk")


def _memberships(group: StudyGroup) -> Any:
    """Of today; who leaves today is still one of them."""
    held = group.memberships.in_force(today()).select_related("member__user")
    return held.order_by("member__name_key", "pk")


@require_GET
@for_branch_keepers
def study_group(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, _group(request, public_id))


def _group(request: HttpRequest, public_id: UUID) -> StudyGroup:
    return get_object_or_404(access.study_groups_kept_by(request.user), public_id=public_id)


def _page(
    request: HttpRequest, group: StudyGroup, *, problem: str = "", **more: Any
) -> HttpResponse:
    context = {
        "group": group,
        "duties": _duties(group),
        "memberships": _memberships(group),
        "problem": problem,
        "gives_codes": access.keeps_ledger(request.user),
        "header_title": group.name,
        "page_title": group.name,
        "header_icon": "group",
        **more,
    }
    return render(request, "people/group.html", context, status=422 if problem else 200)


@require_POST
@for_branch_keepers
def act(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One change to the group, by the word of its button; a refusal is said above the page."""
    group = _group(request, public_id)
    change = ACTS.get(request.POST.get("act", ""))
    try:
        if change is None:
            raise NotFound("unknown_act", "没有这个动作，请从页面上的按钮操作。")
        shown = change(request, group)
    except StudyhubError as error:
        return _page(request, group, problem=error.detail)
    return shown or redirect("study_groups:group", public_id)


def _add(request: HttpRequest, group: StudyGroup) -> HttpResponse | None:
    """A member by name, as member, leader or liaison; several of one name are asked about."""
    found = _named(request)
    if len(found) > 1:
        choices = [(member, _home_of(member)) for member in found]
        return _page(request, group, choices=choices, kind=request.POST.get("kind", ""))
    [member] = found
    _put(member, group, request.POST.get("kind", ""), request.user)
    messages.success(request, f"{member.name}已经登记在“{group.name}”。")
    return None


def _named(request: HttpRequest) -> list[Member]:
    members = access.members_kept_by(request.user).filter(ended_on=None).by_name()
    if chosen := request.POST.get("member"):
        key = parse_uuid(chosen)
        found = list(members.filter(public_id=key)) if key else []
    else:
        name = "".join(one_line(request.POST.get("name", "")).split())
        found = list(members.filter(name=name)) if name else []
    if not found:
        words = "台账里没有这个人，或者不在您的管理范围内，请看看姓名，或者先在“花名册”里导入。"
        raise NotFound("member_not_found", words)
    return found


def _home_of(member: Member) -> str:
    tie = member.branches.in_force(today()).filter(kind=BranchMembership.Kind.HOME).first()
    return tie.branch.name if tie else "未写党组织"


def _put(member: Member, group: StudyGroup, kind: str, by: Any) -> None:
    """The organisation department never sees study: nobody of it leads a group."""
    if kind in LEADERS:
        if member.user and not access.keeps_ledger(by) and access.branches_of(member.user):
            words = "组织部的账号不能带小组：组织部看不到个人的学习情况。请选另一位同志。"
            raise Conflict("office_apart", words)
        ties.begin_duty(user=account_of(member), kind=kind, group=group, on=today())
    else:
        ties.join_group(member=member, group=group, on=today(), by=by)


def _end_duty(request: HttpRequest, group: StudyGroup) -> None:
    duty = _duties(group).filter(pk=whole_number(request.POST.get("duty"))).first()
    if duty is None:
        raise NotFound("duty_not_found", "这个职责已经结束了。")
    ties.end_duty(duty, on=today())
    messages.success(request, f"{duty.user.get_full_name()}的职责到今天为止。")


def _leave(request: HttpRequest, group: StudyGroup) -> None:
    member = _one_of(request, group)
    ties.leave_group(member=member, group=group, on=today(), by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"{member.name}在这个小组到今天为止。")


def _code(request: HttpRequest, group: StudyGroup) -> HttpResponse:
    """For a member of the group, or for whoever leads it."""
    led_by = Member.objects.filter(user__in=[duty.user for duty in _duties(group)])
    member = _one_of(request, group, led_by)
    return _page(request, group, given=give_code(member, by=request.user))  # type: ignore[arg-type]


def _one_of(request: HttpRequest, group: StudyGroup, others: Any = ()) -> Member:
    for member in (*(tie.member for tie in _memberships(group)), *others):
        if str(member.public_id) == request.POST.get("member"):
            return member
    raise NotFound("member_not_found", "这个小组里今天没有这位同志，请重新打开这一页。")


ACTS = {"add": _add, "end_duty": _end_duty, "leave": _leave, "code": _code}
