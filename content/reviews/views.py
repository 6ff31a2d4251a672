"""``/cms/reviews/``: what waits for review, one page with what is to be signed, its sheet."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.images import get_image_model
from wagtail.models import Page, TaskState, WorkflowState
from wagtailmedia.models import get_media_model

from content.models import LessonPage, ReviewTask
from content.models.reviewed import Reviewed
from content.models.reviews import levels
from content.reviews import pieces, sheet, urgent
from content.reviews.screen import Screen, acts
from content.units import hashes_of
from studyhub.core.errors import StudyhubError

ICON = "clipboard-list"


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """All that is in review, what waits for this person first."""
    mine = pieces.levels_of(request.user)
    everything = pieces.pieces_at({1, 2, 3})
    context = {
        "mine": [piece for piece in everything if piece.level in mine],
        "others": [piece for piece in everything if piece.level not in mine],
        "is_reviewer": bool(mine),
        "owed": urgent.owed(),
    }
    return _page(request, "content/reviews/queue.html", "审核", context)


@require_http_methods(["GET", "HEAD"])
def review(request: HttpRequest, page_id: int) -> HttpResponse:
    """What is to be signed on the level at which the page stands, and what was signed."""
    return _review(request, _page_of(request, page_id))


def _page_of(request: HttpRequest, page_id: int) -> Any:
    kind = get_object_or_404(Page.objects.only("content_type"), pk=page_id).specific_class
    if kind is None or not issubclass(kind, Reviewed):
        raise Http404
    page: Any = kind.objects.select_related("latest_revision").get(pk=page_id)
    may = page.permissions_for_user(request.user)
    if not (may.can_edit() or pieces.levels_of(request.user) or request.user.is_superuser):
        raise Http404
    return page


def _review(request: HttpRequest, page: Any, problem: str = "") -> HttpResponse:
    state = page.current_workflow_state
    task = _task_of(state and state.current_task_state)
    screen = Screen(page, task.level if task else 0)
    context = {
        **_what_one_may(request, page, task, screen),
        "page": page,
        "draft": screen.draft,
        "level": task.name if task else "",
        "opened": screen.opened,
        "closed": screen.closed(),
        "steps": screen.steps(),
        "acts": acts(screen.history),
        "seen": json.dumps(hashes_of(screen.units)),
        "images": _images(screen),
        "recordings": _recordings(screen),
        "problem": problem,
        "opinion": request.POST.get("opinion", ""),
        "returned": _returned(state),
    }
    status = 409 if problem else 200
    return _page(request, "content/reviews/review.html", screen.draft.title, context, status)


def _task_of(state: TaskState | None) -> ReviewTask | None:
    if state is None or state.status != TaskState.STATUS_IN_PROGRESS:
        return None
    return ReviewTask.objects.filter(pk=state.task_id).first()


def _what_one_may(
    request: HttpRequest, page: Any, task: ReviewTask | None, screen: Screen
) -> dict[str, Any]:
    reviews = task is not None and task.is_reviewer(request.user)
    reason = screen.why_not(request.user) if reviews else ""
    return {
        "may_sign": reviews and not reason,
        "may_return": reviews,
        "why_not": reason,
        "may_edit": page.permissions_for_user(request.user).can_edit(),
        "may_hurry": _may_hurry(request, page),
    }


def _may_hurry(request: HttpRequest, page: Any) -> bool:
    """Lessons alone are corrected in a hurry: their readers are told."""
    is_lesson = isinstance(page, LessonPage) and page.live
    return is_lesson and levels() in pieces.levels_of(request.user)


def _images(screen: Screen) -> dict[int, Any]:
    numbers = {number for unit in screen.units for number in unit.images}
    numbers |= {number for one in screen.opened for number in one.old_images}
    images = get_image_model().objects.filter(pk__in=numbers)
    return {image.pk: image for image in images}


def _recordings(screen: Screen) -> dict[int, Any]:
    """Nobody signs a sound unheard."""
    numbers = {number for one in screen.opened for number in one.unit.recordings}
    if not numbers:
        return {}
    return {one.pk: one for one in get_media_model().objects.filter(pk__in=numbers)}


def _returned(state: WorkflowState | None) -> str:
    if state is None or state.status != state.STATUS_NEEDS_CHANGES:
        return ""
    return str(state.current_task_state.comment)


@require_POST
def act(request: HttpRequest, page_id: int) -> HttpResponse:
    """通过 or 退回修改; what was typed stays on the page where it is refused."""
    page = _page_of(request, page_id)
    state = page.current_workflow_task_state
    task = _task_of(state)
    name = request.POST.get("act", "")
    try:
        if task is None or name not in ("approve", "reject") or not task.is_reviewer(request.user):
            raise PermissionDenied
        seen = _seen(request) if name == "approve" else None
        task.on_action(state, request.user, name, request.POST.get("opinion", ""), seen=seen)
    except PermissionDenied:
        return _review(
            request, page, "这一篇现在不在您这一级，或者别人已经处理过了。下面是现在的样子。"
        )
    except StudyhubError as error:
        return _review(request, page, error.detail)
    words = "已签，交给下一级。" if name == "approve" else "已退回给编辑，理由也送到了。"
    messages.success(request, f"《{page.draft_title}》{words}")
    return redirect("reviews:queue")


def _seen(request: HttpRequest) -> dict[str, str]:
    try:
        seen = json.loads(request.POST.get("seen", ""))
    except ValueError:
        seen = None
    return seen if isinstance(seen, dict) else {}


@require_http_methods(["GET", "POST"])
def hurry(request: HttpRequest, page_id: int) -> HttpResponse:
    """紧急更正: what has changed, why it cannot wait, and the press."""
    page = _page_of(request, page_id)
    if not isinstance(page, LessonPage):
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            urgent.publish_urgently(page, request.user, request.POST.get("reason", ""))
        except StudyhubError as error:
            problem = error.detail
        else:
            words = f"已发布更正，请在 {urgent.HOURS} 小时内补完各级审核。"
            messages.warning(request, f"《{page.title}》{words}")
            return redirect("reviews:review", page.pk)
    screen = Screen(page, 1)
    changed = {unit.id for unit in urgent.changed_units(screen.draft)}
    context = {
        "page": page,
        "opened": [one for one in screen.opened if one.unit.id in changed],
        "images": _images(screen),
        "recordings": _recordings(screen),
        "reason": request.POST.get("reason", ""),
        "problem": problem,
        "most": urgent.MOST_UNITS,
        "hours": urgent.HOURS,
    }
    status = 409 if problem else 200
    return _page(request, "content/reviews/urgent.html", "紧急更正", context, status)


@require_safe
def approval_sheet(request: HttpRequest, page_id: int) -> HttpResponse:
    """信息发布审核表 as a PDF."""
    page = _page_of(request, page_id)
    answer = HttpResponse(sheet.build_sheet(page), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="review-{page.slug}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _page(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shared = {"header_title": title, "page_title": title, "header_icon": ICON}
    return render(request, template, {**shared, **context}, status=status)


def address_of(page: Any) -> str:
    return reverse("reviews:review", args=(page.pk,))
