"""党员 at the desk: the ledger searched, somebody added, and their contact details."""

from collections import defaultdict
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from studyhub.core.clock import today
from studyhub.core.errors import StudyhubError
from studyhub.people import access, entries
from studyhub.people.changes import GROUPS, shown_details, version_of
from studyhub.people.desk import for_branch_keepers, for_keepers
from studyhub.people.desk.member_forms import ContactForm, DetailsForm, EntryForm, contact_of
from studyhub.people.desk.stale import changes_since
from studyhub.people.finding import Search
from studyhub.people.locks import lock_member
from studyhub.people.models import BranchMembership, GroupMembership, Member

PER_PAGE = 50
FURTHEST = 10_000  # pages; who looks for somebody further back types a name
ICON = "group"


@require_GET
@for_keepers
def members(request: HttpRequest) -> HttpResponse:
    """Who is on the ledger, in name order, a page at a time."""
    user: Any = request.user
    branches = access.kept_branches(user)
    studying = list(access.study_groups_kept_by(user).order_by("name"))
    search = _search(request, branches, studying)
    page = page_number(request.GET.get("p", ""))
    kept = search.among(access.members_kept_by(user))
    found = list(kept[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
    asked = request.GET.copy()
    asked.pop("p", None)
    context = {
        "rows": _rows(found[:PER_PAGE]),
        "search": search,
        "branches": branches,
        "groups": studying,
        "page": page,
        "more": len(found) > PER_PAGE,
        "asked": asked.urlencode(),
        "is_filtered": any(asked.values()),
        "keeps_branches": access.keeps_branches(user),
        "header_title": "党员",
        "page_title": "党员",
        "header_icon": ICON,
    }
    return render(request, "people/members.html", context)


def _search(request: HttpRequest, branches: list[Any], studying: list[Any]) -> Search:
    asked = request.GET
    return Search(
        text=asked.get("q", "").strip()[:40],
        branch=_named(branches, asked.get("branch", "")),
        group=_named(studying, asked.get("group", "")),
        exempt="exempt" in asked,
        ended="ended" in asked,
        no_phone="no_phone" in asked,
    )


def _named(these: list[Any], public_id: str) -> Any:
    return next((one for one in these if str(one.public_id) == public_id), None)


def page_number(asked: str) -> int:
    """Of a list that is shown a page at a time."""
    return max(1, min(int(asked), FURTHEST)) if asked.isdecimal() and len(asked) < 9 else 1


def _rows(found: list[Member]) -> list[dict[str, Any]]:
    """Each with where they belong today, or did at last; in two queries for all."""
    places: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    days = {member.pk: member.ended_on or today() for member in found}
    earliest = min(days.values(), default=today())
    branches = BranchMembership.objects.touching(earliest, None).filter(member__in=days)
    for tie in branches.select_related("branch"):
        if _holds(tie, days):
            places[tie.member_id][tie.kind].append(tie.branch.name)
    studies = GroupMembership.objects.touching(earliest, None).filter(member__in=days)
    for study in studies.select_related("group"):
        if _holds(study, days):
            places[study.member_id][GROUPS].append(study.group.name)
    return [
        {
            "member": member,
            "home": places[member.pk]["home"],
            "host": places[member.pk]["host"],
            "groups": places[member.pk][GROUPS],
        }
        for member in found
    ]


def _holds(tie: Any, days: dict[int, Any]) -> bool:
    day = days[tie.member_id]
    return bool(tie.starts_on <= day and (tie.ends_on is None or tie.ends_on >= day))


@require_http_methods(["GET", "POST"])
@for_branch_keepers
def add(request: HttpRequest) -> HttpResponse:
    """Somebody new on the ledger."""
    user: Any = request.user
    branches = access.branches_kept_by(user).filter(ended_on=None)
    form = EntryForm(request.POST or None, branches=branches)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            member = entries.enter_member(
                details={"phone": "", **form.details()}, home=data["home"], on=data["on"], by=user
            )
        except StudyhubError as problem:
            form.refuse(problem.detail, problem.extra.get("field", ""))
        else:
            messages.success(request, f"{member.name}登记好了。")
            return redirect("ledger:member", member.public_id)
    return _form_page(request, form, "登记党员")


@require_http_methods(["GET", "POST"])
@for_keepers
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The member's own row: all of it, or how they are reached."""
    user: Any = request.user
    member = access.member_kept_by(user, public_id)
    kind = DetailsForm if access.keeps_whole(user, member) else ContactForm
    form = kind(request.POST or None, initial=contact_of(member))
    if request.method != "POST":
        return _form_page(request, form, f"改{member.name}的资料", member=member)
    with lock_member(member):
        since = changes_since(member, request.POST.get("shown", ""))
        member.refresh_from_db()
        if form.is_valid() and not since:
            entries.change_details(member, form.details(), by=user)
            messages.success(request, "资料改好了。")
            return redirect("ledger:member", public_id)
    return _form_page(request, form, f"改{member.name}的资料", member=member, since=since)


def _form_page(
    request: HttpRequest, form: Any, title: str, *, member: Member | None = None, **more: Any
) -> HttpResponse:
    since = more.get("since")
    context = {
        "form": form,
        "member": member,
        "version": version_of(member) if member else 0,
        "now": shown_details(member) if member else {},
        "header_title": title,
        "page_title": title,
        "header_icon": ICON,
        **more,
    }
    if since and member:
        _show_both(form, context["now"])
    status = 422 if form.errors else 409 if since else 200
    return render(request, "people/member_form.html", context, status=status)


def _show_both(form: Any, now: dict[str, str]) -> None:
    """Beside each field what the ledger says by now; what was typed stays in it."""
    for field in form:
        if field.name != "no_phone":
            field.help_text = f"台账里现在是：{now.get(field.label, '空')}"


@require_GET
@for_branch_keepers
def alike(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Others who may be the same person, to be merged: found as in the list."""
    user: Any = request.user
    member = access.member_kept_by(user, public_id)
    text = request.GET.get("q", "").strip()[:40] or member.name
    search = replace(Search(), text=text, ended=member.ended_on is not None)
    others = search.among(access.members_kept_by(user)).exclude(pk=member.pk)
    context = {
        "member": member,
        "rows": _rows(list(others[:PER_PAGE])),
        "text": text,
        "version": version_of(member),
        "header_title": f"和{member.name}合并",
        "page_title": f"和{member.name}合并",
        "header_icon": ICON,
    }
    return render(request, "people/member_alike.html", context)
