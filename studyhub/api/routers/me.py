"""A member's own record."""

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response
from ninja import Query, Router, Status
from ninja.throttling import UserRateThrottle

from studyhub.api.auth import caller, own_member, session_or_token
from studyhub.api.errors import PROBLEM_RESPONSES
from studyhub.api.pagination import PageQuery, page_of
from studyhub.api.schemas.learner import (
    CorrectionCardList,
    ErasureOut,
    MeOut,
    MePatch,
    NowOut,
    PlanList,
    ProgressList,
    ViewList,
)
from studyhub.api.shaping import shape_correction, shape_me, shape_now, shape_progress
from studyhub.core.errors import Invalid
from studyhub.learning.corrections import open_corrections
from studyhub.learning.own_archive import own_archive
from studyhub.learning.plans import assigned_lessons
from studyhub.learning.progress import progress_of
from studyhub.learning.standing import Part
from studyhub.people import privacy
from studyhub.people.models import RecordView

router = Router(tags=["学员"], auth=session_or_token)


@router.get("/me", response={200: MeOut, **PROBLEM_RESPONSES})
def get_me(request: HttpRequest) -> dict[str, Any]:
    """Also hands out the CSRF cookie that later writes need, to whom has none.

    Never a second one: a late answer would overwrite the cookie of a form opened meanwhile.
    """
    if settings.CSRF_COOKIE_NAME not in request.COOKIES:
        get_token(request)
    return shape_me(caller(request))


@router.get("/me/now", response={200: NowOut, 304: None, **PROBLEM_RESPONSES}, exclude_unset=True)
def get_now(request: HttpRequest, response: HttpResponse, parts: str = "") -> Any:
    """What a page needs when it opens, in one answer: who reads, and of ``parts`` (comma-separated;
    ``progress``, ``plan``, ``corrections``) what ``/me/progress``, ``/me/plan`` and
    ``/me/corrections`` tell, whole.

    With a strong ``ETag``; ``If-None-Match`` answers 304. No cache keeps the answer: who wants to
    be spared what is known keeps it with its tag.
    """
    answer = shape_now(caller(request), _read_parts(parts))
    etag = f'"{hashlib.sha256(repr(answer).encode()).hexdigest()[:32]}"'
    response["ETag"] = etag
    known = get_conditional_response(request, etag=etag)
    if known:
        known["ETag"] = etag
    return known or answer


def _read_parts(text: str) -> set[Part]:
    try:
        return {Part(name) for name in text.split(",") if name}
    except ValueError:
        detail = f"parts 里只能有 {'、'.join(Part)}，用逗号隔开。"
        raise Invalid("bad_parts", detail) from None


@router.patch("/me", response={200: MeOut, **PROBLEM_RESPONSES})
def change_me(request: HttpRequest, data: MePatch) -> dict[str, Any]:
    """Larger type holds at once; anything else waits in ``member.waiting`` to be confirmed."""
    member = own_member(request)
    privacy.change_own_details(member, data.dict(exclude_unset=True))
    return shape_me(caller(request))


@router.delete("/me", response={202: ErasureOut, **PROBLEM_RESPONSES})
def ask_for_erasure(request: HttpRequest) -> Status[dict[str, Any]]:
    """A request to have everything erased; answered by the organisation department."""
    asked = privacy.ask_for_erasure(own_member(request))
    detail = "已收到删除申请，组织部会在 15 个工作日内答复；在此之前记录照常保存。"
    answer = {"id": asked.public_id, "requested_at": asked.requested_at, "detail": detail}
    return Status(202, answer)


@router.get("/me/plan", response={200: PlanList, **PROBLEM_RESPONSES})
def get_plan(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Open lessons of the plans that run today, in plan order."""
    items, following = page_of(assigned_lessons(own_member(request)), page)
    shaped = [
        {
            "lesson_id": item.card.lesson_key,
            "title": item.card.title,
            "url": item.card.url,
            "course": item.card.course_slug,
            "minutes": item.card.minutes,
            "credit_hours": item.card.credit_hours,
            "plan": item.plan_slug,
            "plan_title": item.plan_title,
            "required": item.required,
            "due_on": item.due_on,
            "status": item.progress.status,
        }
        for item in items
    ]
    return {"items": shaped, "next": following}


@router.get("/me/progress", response={200: ProgressList, **PROBLEM_RESPONSES})
def get_progress(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Every lesson begun."""
    progress = progress_of(own_member(request))
    items, following = page_of([progress[key] for key in sorted(progress)], page)
    return {"items": [shape_progress(item) for item in items], "next": following}


@router.get("/me/corrections", response={200: CorrectionCardList, **PROBLEM_RESPONSES})
def get_corrections(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Corrections of what I had read, not yet acknowledged; ``finished_revision`` is what was read.

    Acknowledge with a record of kind ``mark``, whose ``data`` is
    ``{"kind": "correction_seen", "lesson": lesson_id, "revision": revision}``.
    """
    items, following = page_of(open_corrections(own_member(request)), page)
    return {"items": [shape_correction(card) for card in items], "next": following}


@router.get("/me/views", response={200: ViewList, **PROBLEM_RESPONSES})
def get_views(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    """Who opened my record, newest first."""
    items, following = page_of(RecordView.objects.at(own_member(request)), page)
    shaped = [
        {"viewer": v.viewer.get_full_name(), "viewed_at": v.viewed_at, "page": v.page}
        for v in items
    ]
    return {"items": shaped, "next": following}


@router.get(
    "/me/export",
    response={200: None, **PROBLEM_RESPONSES},
    throttle=UserRateThrottle("20/d"),
    openapi_extra={"responses": {200: {"content": {"application/zip": {}}}}},
)
def export_me(request: HttpRequest) -> HttpResponse:
    """Everything stored about me: a zip with JSON and xlsx."""
    archive = own_archive(own_member(request))
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="studyhub-my-record.zip"'
    response["Cache-Control"] = "no-store"
    return response
