"""我换地方了: the member reports, the group's leader or liaison enters it or asks back."""

from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from studyhub.core.clock import today
from studyhub.core.errors import Conflict, Invalid, NotFound
from studyhub.core.ids import parse_uuid, uuid7
from studyhub.people import access
from studyhub.people.host_moves import destinations
from studyhub.people.models import Member, MoveAnswer, StudyGroup
from studyhub.people.models.members import mask_phone
from studyhub.people.move_fields import FIELDS
from studyhub.people.moves import (
    PASSED,
    Proposal,
    ask_back,
    enter_move,
    proposals_of,
    report_move,
    returning,
    unclear,
)
from studyhub.people.places import places_named
from studyhub.web.private import SignedInRequest, nothing_to_lead, page, private
from studyhub.web.views.contacts import led_in

LOOKED_AT = "换地方的报告"  # as the member reads it under "谁看过我的记录"
RETURNING = "返乡名单"
MOST_PLACES = 12  # to choose from; more are asked for in words
REPORTS_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@private
def own_move(request: SignedInRequest) -> HttpResponse:
    """The member's form, and what waits; what is unclear is asked again with nothing lost."""
    member = access.member_of(request.user)
    if member is None:
        return redirect("/me/")
    if request.method != "POST":
        return _own_page(request, member)
    said = {name: request.POST.get(name, "") for name in FIELDS}
    said["place"] = request.POST.get("place_choice") or said["place"]
    problem = "" if "as_is" in request.POST else unclear(said["place"])
    if problem:
        return _own_page(request, member, said, problem, status=422)
    try:
        key = parse_uuid(request.POST.get("id")) or uuid7()
        report_move(member=member, report_id=key, said=said)
    except (Invalid, Conflict) as wrong:
        return _own_page(request, member, said, wrong.detail, status=422)
    messages.success(request, "✓ 收到了。组长或联络员核对以后登记，登记前台账不变。")
    return redirect("move")


def _own_page(
    request: SignedInRequest,
    member: Member,
    said: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "member": member,
        "said": said or {},
        "problem": problem,
        "places": _choices((said or {}).get("place", "")),
        "waiting": proposals_of([member]).get(member.pk),
        "report_id": uuid7(),
    }
    return page(request, "web/move.html", context, status=status)


def _choices(words: str) -> list[str]:
    found = places_named(words) if words else []
    return [place.name for place in found] if 1 < len(found) <= MOST_PLACES else []


@require_http_methods(["GET", "HEAD", "POST"])
@private
def led_move(request: SignedInRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """What a member of the group reported: entered as it is or corrected, or asked back."""
    group, member = led_in(request, public_id, member_id)
    proposal = proposals_of([member]).get(member.pk)
    if request.method != "POST":
        access.note_views(request.user, [member], LOOKED_AT)
        return _led_page(request, group, member, proposal)
    try:
        _take_answer(request, member, proposal)
    except (Invalid, Conflict, NotFound) as problem:
        status = 409 if isinstance(problem, Conflict) else 422
        newest = proposals_of([member]).get(member.pk)
        # What somebody else reported or entered meanwhile is shown instead of what was typed.
        typed = None if problem.code in PASSED else request.POST.dict()
        return _led_page(request, group, member, newest, typed, problem.detail, status)
    return redirect("lead_group", group.public_id)


def _take_answer(request: SignedInRequest, member: Member, proposal: Proposal | None) -> None:
    form, user, key = request.POST, request.user, member.public_id
    version = form.get("version", "")
    if "ask" in form:
        question = form.get("question", "")
        ask_back(by=user, member_id=key, version=version, question=question)
        messages.success(request, f"✓ 已经问{member.name}，他在自己的页面上看得到。")
        return
    values = {name: form.get(name, "") for name in (*FIELDS, "to", "on")}
    values["place"] = form.get("place_choice") or values["place"]
    if not values["phone"] and "new_phone" in form and proposal:
        values["phone"] = proposal.said.get("phone", "")
    enter_move(by=user, member_id=key, version=version, values=values)
    handed_over = "，也转过去了" if values["to"] else ""
    messages.success(request, f"✓ {member.name}的新情况已经登记{handed_over}。")


def _led_page(
    request: SignedInRequest,
    group: StudyGroup,
    member: Member,
    proposal: Proposal | None,
    typed: Mapping[str, str] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    said: dict[str, str] = dict(proposal.said) if proposal else {}
    if proposal and len(proposal.places) == 1:
        said["place"] = proposal.places[0].name
    values = {**said, "phone": "", **(typed or {})}
    reports = list(member.move_reports.in_order().reverse()[:REPORTS_SHOWN])
    context = {
        "group": group,
        "member": member,
        "proposal": proposal,
        "new_phone": mask_phone(said.get("phone", "")),
        "values": values,
        "places": _choices(values.get("place", "")),
        "destinations": destinations(request.user, member) if proposal else [],
        "today": today().isoformat(),
        "questions": [pair for pair in MoveAnswer.Question.choices if pair[0]],
        "reports": reports,
        "problem": problem,
        "leads": True,
    }
    return page(request, "web/lead_move.html", context, status=status)


@require_safe
@private
def returning_home(request: SignedInRequest) -> HttpResponse:
    """Who means to come home in the next weeks, of all the groups one leads, by name."""
    if not access.groups_of(request.user):
        raise nothing_to_lead()
    members = returning(access.members_led_by(request.user), settings.RETURNING_WITHIN)
    access.note_views(request.user, members, RETURNING)
    context = {"members": members, "weeks": settings.RETURNING_WITHIN, "leads": True}
    return page(request, "web/lead_returning.html", context)
