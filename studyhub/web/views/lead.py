"""Pages for those who look after a group, and counts for the organisation department."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_safe

from studyhub.core.clock import BEIJING
from studyhub.core.errors import NotFound
from studyhub.learning.branches import branch_summary
from studyhub.learning.completion import LookedAt, look_at_group
from studyhub.learning.completion_xlsx import completion_workbook
from studyhub.learning.spreadsheets import XLSX
from studyhub.people import access
from studyhub.web.private import SignedInRequest, nothing_to_lead, page, private


@require_safe
@private
def overview(request: SignedInRequest) -> HttpResponse:
    """Groups and branches the caller answers for today."""
    groups = access.groups_of(request.user)
    branches = access.branches_of(request.user)
    if not groups and not branches:
        raise nothing_to_lead()
    return page(request, "web/lead.html", {"groups": groups, "branches": branches, "leads": True})


@require_safe
@private
def group_page(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One line per member in name order; without a running plan only the reason for none."""
    try:
        completion = look_at_group(request.user, public_id, _plan(request))
    except NotFound as problem:
        if problem.code != "plan_not_found" or request.GET.get("plan"):
            raise
        group = access.group_for(request.user, public_id)
        context = {"group": group, "nothing": problem.detail, "leads": True}
        return page(request, "web/lead_group.html", context)
    context = {"group": completion.group, "completion": completion, "leads": True}
    return page(request, "web/lead_group.html", context)


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
