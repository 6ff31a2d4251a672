"""Codes to sign in with: from the leader, once or on paper; on paper also by one's own hand."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studyhub.core.errors import Conflict, NotFound
from studyhub.core.qr_codes import qr_picture
from studyhub.people import access
from studyhub.people.models import Member, PersonalCode, StudyGroup
from studyhub.people.personal_codes import PAPER_LASTS, give_code, refuse_unfit, without_paper
from studyhub.people.sessions import end_sign_ins, is_on_shared_phone
from studyhub.web.private import SignedInRequest, page, private
from studyhub.web.shown_secrets import in_fours


@require_safe
@private
def group_codes(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Everybody of the group, by name, and whether they have ever signed in."""
    group = access.group_for(request.user, public_id)
    return _list(request, group)


@require_POST
@private
def give(request: SignedInRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """A code for one of them; a reload gives another, and the one before is void."""
    group = access.group_for(request.user, public_id)
    member = _one_of(group, member_id)
    try:
        given = give_code(member, by=request.user)
    except Conflict as problem:
        return _list(request, group, problem.detail)
    access.note_views(request.user, [member], "给了个人码")
    context = {"group": group, "member": member, "leads": True, **_readable(given)}
    return page(request, "web/lead_code.html", context)


@require_POST
@private
def papers(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """A sheet to print and cut: a code on paper for each who has none, by name."""
    group = access.group_for(request.user, public_id)
    members = without_paper(access.members_of(group)).select_related("user")
    able = [member for member in members if access.may_let_in(request.user, member)]
    given = [give_code(member, by=request.user, on_paper=True) for member in able]
    access.note_views(request.user, able, "给了纸上的个人码")
    context = {"group": group, "papers": [_readable(code) for code in given], "leads": True}
    return page(request, "web/lead_papers.html", context)


def _readable(given: PersonalCode) -> dict[str, Any]:
    """The code as people read it: in fours, as an address, as a picture of it."""
    address = f"{settings.PUBLIC_URL}{reverse('join_with_code', args=[given.spoken])}"
    halves, qr = in_fours(given.spoken), qr_picture(address)
    return {"given": given, "halves": halves, "address": address, "qr": qr}


@require_POST
@private
def sign_out(request: SignedInRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """For a lost phone: whoever may give a code ends where the member is signed in."""
    group = access.group_for(request.user, public_id)
    member = _one_of(group, member_id)
    try:
        refuse_unfit(request.user, member)
    except Conflict as problem:
        return _list(request, group, problem.detail)
    if member.user:
        end_sign_ins(member.user)
        access.note_views(request.user, [member], "让丢了的手机退出登录")
    messages.success(request, f"✓ {member.name}在各处都退出了。换了号码的，先改台账上的号码。")
    return redirect("lead_codes", group.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def own_paper(request: SignedInRequest) -> HttpResponse:
    """The member's own code on paper, which no leader has seen and none can end."""
    member = access.own_member(request.user)
    context: dict[str, Any] = {"member": member, "days": PAPER_LASTS.days}
    if request.method == "POST":
        try:
            if is_on_shared_phone(request):
                raise Conflict("shared_phone", "这是公用手机，纸上的个人码请在自己的手机上写。")
            given = give_code(member, by=request.user, on_paper=True)
            context |= {"paper": _readable(given)}
        except Conflict as problem:
            context["problem"] = problem.detail
    status = 409 if "problem" in context else 200
    return page(request, "web/paper_code.html", context, status)


def _list(request: SignedInRequest, group: StudyGroup, problem: str = "") -> HttpResponse:
    members = access.members_of(group).select_related("user")
    context = {"group": group, "members": members, "problem": problem, "leads": True}
    return page(request, "web/lead_codes.html", context, status=409 if problem else 200)


def _one_of(group: StudyGroup, member_id: UUID) -> Member:
    member = access.members_of(group).filter(public_id=member_id).select_related("user").first()
    if member is None:
        raise NotFound("member_not_found", "这个小组里今天没有这位同志。请从名单重新进入。")
    return member
