"""Invites of a group, and who asks to join it: for who leads it or keeps its ledger."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studyhub.core.errors import Conflict, Invalid, NotFound, StudyhubError
from studyhub.core.ids import parse_uuid
from studyhub.core.qr_codes import qr_picture
from studyhub.people import access, join_decisions
from studyhub.people.invites import LASTS, USES, invites_of, make_invite, stop_invite
from studyhub.people.models import JoinRequest, StudyGroup
from studyhub.web.private import SignedInRequest, page, private
from studyhub.web.shown_secrets import in_fours

Acts = dict[str, Callable[[SignedInRequest, JoinRequest, str], str]]


@require_http_methods(["GET", "HEAD", "POST"])
@private
def invites(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Those still good, without their codes; by POST a new one, shown once."""
    group = access.group_to_fill(request.user, public_id)
    if request.method == "POST":
        return _made(request, group)
    context = {"invites": invites_of(group), "days": LASTS.days, "uses": USES}
    return _page(request, "web/lead_invites.html", group, context)


def _made(request: SignedInRequest, group: StudyGroup) -> HttpResponse:
    invite = make_invite(group, by=request.user)
    address = f"{settings.PUBLIC_URL}{reverse('join_with_code', args=[invite.spoken])}"
    context = {
        "invite": invite,
        "groups": in_fours(invite.spoken),
        "address": address,
        "qr": qr_picture(address),
    }
    return _page(request, "web/lead_invite.html", group, context)


@require_POST
@private
def stop(request: SignedInRequest, public_id: UUID, invite_id: UUID) -> HttpResponse:
    """Nobody asks by this invite any more."""
    group = access.group_to_fill(request.user, public_id)
    stop_invite(group, invite_id)
    messages.success(request, "✓ 这个邀请停用了，已经交来的申请还在。")
    return redirect("lead_invites", group.public_id)


@require_safe
@private
def requests(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Who asks to join, in name order; below it what was decided in the last thirty days."""
    group = access.group_to_fill(request.user, public_id)
    every = list(join_decisions.requests_of(group))
    context = {
        "waiting": [one for one in every if one.state in JoinRequest.OPEN],
        "decided": [one for one in every if one.state not in JoinRequest.OPEN],
    }
    return _page(request, "web/lead_requests.html", group, context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def one_request(request: SignedInRequest, public_id: UUID, request_id: UUID) -> HttpResponse:
    """One of them, beside whom of the ledger it may be; a button for each thing to do about it."""
    group = access.group_to_fill(request.user, public_id)
    asked = join_decisions.request_for(request.user, group, request_id)
    if request.method != "POST":
        return _request_page(request, asked)
    act = ACTS.get(request.POST.get("act", ""))
    try:
        if act is None:
            raise Invalid("unknown_act", "没有这个动作，请从页面上的按钮操作。")
        told = act(request, asked, request.POST.get("seen", ""))
    except (Invalid, Conflict, NotFound) as problem:
        asked = join_decisions.request_for(request.user, group, request_id)
        return _request_page(request, asked, problem)
    messages.success(request, f"✓ {told}")
    return redirect("lead_requests", group.public_id)


def _approve(request: SignedInRequest, asked: JoinRequest, seen: str) -> str:
    member = parse_uuid(request.POST.get("member"))
    return _agreed(join_decisions.approve(asked, member, by=request.user, seen=seen))


def _approve_new(request: SignedInRequest, asked: JoinRequest, seen: str) -> str:
    home = parse_uuid(request.POST.get("branch"))
    return _agreed(join_decisions.approve_new(asked, home, by=request.user, seen=seen))


def _agreed(row: JoinRequest) -> str:
    if row.state == JoinRequest.State.ENTERED:
        return f"{row.name}登记好了，接下来由组长让他登录。"
    return f"同意了。{row.name}在自己的手机上再打开一次，填手机号后四位就登录了。"


def _refer(request: SignedInRequest, asked: JoinRequest, seen: str) -> str:
    join_decisions.refer(asked, by=request.user, seen=seen)
    return f"{asked.name}的申请转给管台账的人了。"


def _decline(request: SignedInRequest, asked: JoinRequest, seen: str) -> str:
    reason = request.POST.get("reason", "")
    join_decisions.decline(asked, reason, by=request.user, seen=seen)
    return f"没有同意{asked.name}的申请，原因他看得到。"


ACTS: Acts = {
    "approve": _approve,
    "approve_new": _approve_new,
    "refer": _refer,
    "decline": _decline,
}


def _request_page(
    request: SignedInRequest, asked: JoinRequest, problem: StudyhubError | None = None
) -> HttpResponse:
    members = access.members_to_match(request.user, asked.group)
    keeps = access.keeps_branches(request.user)
    text = request.GET.get("q", "").strip()[:40]
    context = {
        "asked": asked,
        "problem": problem and problem.detail,
        "is_open": asked.state in JoinRequest.OPEN,
        "matches": join_decisions.matches(asked, members),
        "text": text,
        "others": join_decisions.others_named(text, asked, members),
        "branches": access.branches_kept_by(request.user).filter(ended_on=None) if keeps else [],
        "reasons": [pair for pair in JoinRequest.Reason.choices if pair[0]],
        "may_refer": not keeps and asked.state == JoinRequest.State.WAITING,
    }
    status = 200 if problem is None else 409 if isinstance(problem, Conflict) else 422
    return _page(request, "web/lead_request.html", asked.group, context, status)


def _page(
    request: SignedInRequest,
    template: str,
    group: StudyGroup,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    leads_it = group in access.groups_of(request.user)
    return page(request, template, {"group": group, "leads_it": leads_it, **context}, status)
