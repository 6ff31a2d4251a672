"""Pages for those who look after a group, and counts for the organisation department."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_safe

from studyhub.core.clock import BEIJING
from studyhub.core.errors import NotFound
from studyhub.core.numbers import whole_number
from studyhub.core.spreadsheets import XLSX
from studyhub.learning.branches import branch_summary
from studyhub.learning.completion import LookedAt, MemberLine, look_at, look_at_group
from studyhub.learning.completion_xlsx import completion_workbook
from studyhub.outreach.bulletins import (
    BulletinKind,
    BulletinLength,
    bulletin_of,
    led_bulletin,
)
from studyhub.outreach.posters import poster
from studyhub.people import access
from studyhub.people.contacts import Touch, touch_of
from studyhub.people.join_decisions import requests_of
from studyhub.people.models import Member, StudyGroup
from studyhub.people.moves import Proposal, proposals_of
from studyhub.web.private import SignedInRequest, nothing_to_lead, page, private
from studyhub.web.views.contacts import NAME_HERE, friendly_text

Choice = TypeVar("Choice", BulletinKind, BulletinLength)


@require_safe
@private
def overview(request: SignedInRequest) -> HttpResponse:
    """Groups and branches the caller answers for today."""
    groups = access.groups_of(request.user)
    branches = access.branches_of(request.user)
    if not groups and not branches:
        raise nothing_to_lead()
    return page(request, "web/lead.html", {"groups": groups, "branches": branches, "leads": True})


Lines = Mapping[Member, MemberLine | None]


@dataclass(frozen=True)
class Person:
    """A member in a list of those one may call; ``line`` is theirs in the plan's table, or none."""

    member: Member
    line: MemberLine | None
    touch: Touch
    moved: Proposal | None
    url: str
    call_url: str

    @property
    def reason(self) -> str | None:
        return self.line.help_reason if self.line else None


@require_safe
@private
def group_page(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Who may need a hand, then whose turn it is, then one line per member, all in name order.

    Without a running plan there is no reason of study, but people can be called all the same.
    """
    context: dict[str, object] = {"leads": True}
    groups = access.groups_of(request.user)
    group = access.group_among(groups, public_id)
    try:
        completion = look_at(request.user, group, _plan(request), what=LookedAt.SCREEN)
        lines: Lines = {line.member: line for line in completion.members}
        context["completion"] = completion
    except NotFound as problem:
        if problem.code != "plan_not_found" or request.GET.get("plan"):
            raise
        lines = dict.fromkeys(access.members_of(group))
        access.note_views(request.user, lines, LookedAt.SCREEN)
        context["nothing"] = problem.detail
    people = _people(group, lines)
    return page(
        request,
        "web/lead_group.html",
        context
        | {
            "group": group,
            "helped": [person for person in people if person.reason],
            "moved": [person for person in people if person.moved],
            "due": [person for person in people if person.touch.is_due],
            "people": people,
            "asking": requests_of(group).open().count(),
            "words": friendly_text(NAME_HERE, request.user),
            "rule": settings.CONTACT_RULE,
            "others": [one for one in groups if one != group],
            "now": timezone.now(),
        },
    )


def _people(group: StudyGroup, lines: Lines) -> list[Person]:
    touches, moves = touch_of(lines.keys()), proposals_of(lines.keys())
    urls, call_urls = _addresses("lead_member", group), _addresses("lead_call", group)
    return [
        Person(
            member=member,
            line=line,
            touch=touches[member.pk],
            moved=moves.get(member.pk),
            url=urls(member),
            call_url=call_urls(member),
        )
        for member, line in lines.items()
    ]


def _addresses(name: str, group: StudyGroup) -> Callable[[Member], str]:
    """By member; looked up once, since a page has hundreds of them."""
    somebody = UUID(int=0)
    before, after = reverse(name, args=(group.public_id, somebody)).split(str(somebody))
    return lambda member: f"{before}{member.public_id}{after}"


@require_safe
@private
def group_bulletin(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What to paste into the group's chat: its kind and length are chosen by the address."""
    group = access.group_for(request.user, public_id)
    kind = _chosen(BulletinKind, request.GET.get("kind"), BulletinKind.PROGRESS)
    length = _chosen(BulletinLength, whole_number(request.GET.get("length")), BulletinLength.MIDDLE)
    context: dict[str, object] = {
        "group": group,
        "leads": True,
        "leads_it": True,
        "kind": kind,
        "kinds": list(BulletinKind),
        "length": length,
        "lengths": list(BulletinLength),
    }
    try:
        context["text"] = bulletin_of(request.user, group, kind).text(length)
    except NotFound as problem:
        context["nothing"] = problem.detail
    return page(request, "web/lead_bulletin.html", context)


def _chosen(choices: Callable[[Any], Choice], said: object, usual: Choice) -> Choice:
    try:
        return choices(said)
    except ValueError:
        return usual


@require_safe
@private
def bulletin_poster(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The same as a picture to keep and send on."""
    kind = _chosen(BulletinKind, request.GET.get("kind"), BulletinKind.PROGRESS)
    bulletin = led_bulletin(request.user, public_id, kind)
    return HttpResponse(poster(bulletin), content_type="image/png")


@require_safe
@private
def group_workbook(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The same rows as a file to take along."""
    completion = look_at_group(request.user, public_id, _plan(request), what=LookedAt.FILE)
    day = completion.as_of.astimezone(BEIJING).strftime("%Y%m%d")
    name = get_valid_filename(f"{completion.group.name}-学习情况-{day}.xlsx")
    response = HttpResponse(completion_workbook(completion), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _plan(request: HttpRequest) -> str | None:
    return request.GET.get("plan", "").replace("\0", "") or None


@require_safe
@private
def branch_page(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Counts by child of a branch; never a name."""
    branch = access.branch_for(request.user, public_id)
    lines = branch_summary(branch, _plan(request))
    parent = branch.get_parent()
    if parent and not _answers_for(request, parent.public_id):
        parent = None
    context = {"branch": branch, "lines": lines, "parent": parent, "leads": True}
    return page(request, "web/lead_branch.html", context)


def _answers_for(request: HttpRequest, public_id: UUID) -> bool:
    try:
        access.branch_for(request.user, public_id)
    except NotFound:
        return False
    return True
