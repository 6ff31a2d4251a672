"""Groups for their leaders, counts for the organisation department."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from studyhub.api.auth import caller, session_or_token
from studyhub.api.errors import PROBLEM_RESPONSES
from studyhub.api.pagination import PageQuery, page_of
from studyhub.api.schemas.leaders import (
    BranchSummaryOut,
    BulletinOut,
    CompletionOut,
    GroupList,
)
from studyhub.api.types import Words
from studyhub.core.spreadsheets import XLSX
from studyhub.learning.branches import branch_summary
from studyhub.learning.completion import GroupCompletion, LookedAt, look_at_group
from studyhub.learning.completion_xlsx import completion_workbook
from studyhub.outreach.bulletins import BulletinKind, BulletinLength, led_bulletin
from studyhub.outreach.posters import poster
from studyhub.people import access
from studyhub.people.models import StudyGroup

PNG = "image/png"
router = Router(tags=["组长与组织部"], auth=session_or_token)


@router.get("/groups", response={200: GroupList, **PROBLEM_RESPONSES})
def list_groups(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Groups the caller leads or looks after today, by name."""
    items, following = page_of(access.groups_of(caller(request)), page)
    return {"items": [_group(group) for group in items], "next": following}


@router.get("/groups/{group_id}/completion", response={200: CompletionOut, **PROBLEM_RESPONSES})
def get_completion(
    request: HttpRequest, group_id: UUID, plan: Words | None = None
) -> dict[str, Any]:
    """Members in name order, never by result. Looking is written down and shown to the members."""
    return _completion(look_at_group(caller(request), group_id, plan))


@router.get(
    "/groups/{group_id}/completion.xlsx",
    response={200: None, **PROBLEM_RESPONSES},
    openapi_extra={"responses": {200: {"content": {XLSX: {}}}}},
)
def get_completion_sheet(
    request: HttpRequest, group_id: UUID, plan: Words | None = None
) -> HttpResponse:
    """The same rows as the screen."""
    completion = look_at_group(caller(request), group_id, plan, what=LookedAt.FILE)
    response = HttpResponse(completion_workbook(completion), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="completion.xlsx"'
    response["Cache-Control"] = "no-store"
    return response


@router.get("/groups/{group_id}/bulletin", response={200: BulletinOut, **PROBLEM_RESPONSES})
def get_bulletin(
    request: HttpRequest,
    group_id: UUID,
    kind: BulletinKind = BulletinKind.PROGRESS,
    length: BulletinLength = BulletinLength.MIDDLE,
) -> dict[str, Any]:
    """A text to paste into the group's chat, of at most so many characters: counts, never names.

    A count that would speak of fewer than three people is left out.
    """
    bulletin = led_bulletin(caller(request), group_id, kind)
    picture = f"{settings.PUBLIC_URL}{request.path}.png?kind={kind.value}"
    return {"text": bulletin.text(length), "image_url": picture}


@router.get(
    "/groups/{group_id}/bulletin.png",
    response={200: None, **PROBLEM_RESPONSES},
    openapi_extra={"responses": {200: {"content": {PNG: {}}}}},
)
def get_bulletin_poster(
    request: HttpRequest, group_id: UUID, kind: BulletinKind = BulletinKind.PROGRESS
) -> HttpResponse:
    """The same as a picture of 1080x1920, with large type and a QR code of the page."""
    bulletin = led_bulletin(caller(request), group_id, kind)
    response = HttpResponse(poster(bulletin), content_type=PNG)
    response["Cache-Control"] = "no-store"
    return response


@router.get("/branches/{branch_id}/summary", response={200: BranchSummaryOut, **PROBLEM_RESPONSES})
def get_branch_summary(
    request: HttpRequest, branch_id: UUID, page: Query[PageQuery], plan: Words | None = None
) -> dict[str, Any]:
    """Counts by child, no names."""
    branch = access.branch_for(caller(request), branch_id)
    items, following = page_of(branch_summary(branch, plan), page)
    lines = [
        {
            "id": line.branch.public_id,
            "name": line.branch.name,
            "members": line.members,
            "reached": line.reached,
            "finished": line.finished,
            "required": line.required,
            "percent": line.percent,
        }
        for line in items
    ]
    return {"id": branch.public_id, "name": branch.name, "items": lines, "next": following}


def _group(group: StudyGroup) -> dict[str, Any]:
    return {"id": group.public_id, "name": group.name, "branch": group.branch.name}


def _completion(completion: GroupCompletion) -> dict[str, Any]:
    totals = completion.totals
    keys = [str(column.lesson_key) for column in completion.lessons]
    return {
        "group": _group(completion.group),
        "plan": completion.plan,
        "lessons": [
            {
                "id": column.lesson_key,
                "title": column.title,
                "due_on": column.due_on,
                "required": column.required,
                "finished": column.finished_count,
            }
            for column in completion.lessons
        ],
        "members": [
            {
                "id": line.member.public_id,
                "name": line.member.name,
                "statuses": dict(zip(keys, line.marks, strict=True)),
                "finished": line.finished,
                "required": line.required,
                "help": line.help_reason and {"reason": line.help_reason},
            }
            for line in completion.members
        ],
        "totals": {
            "members": totals.members,
            "finished": totals.finished,
            "required": totals.required,
            "percent": totals.percent,
        },
        "as_of": completion.as_of,
    }
