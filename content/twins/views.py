"""``/cms/twins/``: lessons by what there is of them in Mongolian, and one lesson block by block."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from content.models import LessonPage
from content.twins import lists
from content.twins.html import FONT
from content.twins.saving import save_twin, sign_twin, take_back, withdraw_twin
from content.twins.screen import Refused, rows_of
from studyhub.core.errors import StudyhubError

ICON = "globe"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What is behind its Chinese, what waits for this person, and every lesson."""
    user: Any = request.user
    mine = lists.is_translator(user)
    context = {
        "is_translator": mine,
        "stale": lists.lines_of(lists.stale_blocks()),
        "stuck": lists.lines_of(lists.stuck_blocks()),
        "waiting": lists.lines_of(lists.blocks_to_sign(user)) if mine else [],
        "lessons": lists.all_lessons(),
    }
    return _page(request, "content/twins/overview.html", "蒙文译校", context)


@require_safe
def lesson(request: HttpRequest, page_id: int) -> HttpResponse:
    """Each block: Chinese on the left, Mongolian on the right, where it stands."""
    return _lesson(request, get_object_or_404(LessonPage, pk=page_id))


def _lesson(request: HttpRequest, page: LessonPage, refused: Refused | None = None) -> HttpResponse:
    rows = rows_of(page, request.user, refused)
    context = {
        "page": page,
        "rows": rows,
        "font": FONT,
        "is_translator": lists.is_translator(request.user),
        "stale": sum(row.is_stale for row in rows),
        "drafts": sum(row.is_draft for row in rows),
        "missing": sum(row.newest is None for row in rows),
    }
    status = 409 if refused else 200
    return _page(request, "content/twins/lesson.html", page.draft_title, context, status)


@require_POST
def act(request: HttpRequest, page_id: int, block_id: str) -> HttpResponse:
    """存好, 签 or 撤下 one block; what was typed stays on the page where it is refused."""
    page = get_object_or_404(LessonPage, pk=page_id)
    if not lists.is_translator(request.user):
        raise PermissionDenied
    name = request.POST.get("act", "")
    if name not in _ACTS:
        raise Http404
    typed = {part: request.POST.get(part, "") for part in ("heading", "text")}
    try:
        said = _ACTS[name](request, page, block_id, typed)
    except StudyhubError as error:
        kept = typed if name == "save" else None
        return _lesson(request, page, Refused(block_id, error.detail, kept))
    messages.success(request, said)
    return redirect(f"{address_of(page)}#b-{block_id}")


def _save(request: HttpRequest, page: LessonPage, block_id: str, typed: dict[str, str]) -> str:
    seen: dict[str, Any] = {name: request.POST.get(name, "") for name in ("token", "source_hash")}
    sound: Any = request.FILES.get("sound")
    without = "without_sound" in request.POST
    save_twin(page, block_id, typed, request.user, sound=sound, without_sound=without, **seen)
    return "存好了。要别的同事签过，读者才看得到。"


def _sign(request: HttpRequest, page: LessonPage, block_id: str, typed: dict[str, str]) -> str:
    twin = sign_twin(page, block_id, request.user, seen=request.POST.get("seen", ""))
    if twin.is_signed():
        return "签好了，人数够了，读者现在看得到这一段。"
    return "签好了，还要别的同事签。"


def _withdraw(request: HttpRequest, page: LessonPage, block_id: str, typed: dict[str, str]) -> str:
    withdraw_twin(page, block_id)
    return "撤下了，读者现在只看到这一段的汉文。"


def _take_back(request: HttpRequest, page: LessonPage, block_id: str, typed: dict[str, str]) -> str:
    take_back(page, block_id, request.user, token=request.POST.get("token", ""))
    return "撤回了您写的，回到了前面的样子。"


_ACTS = {"save": _save, "sign": _sign, "withdraw": _withdraw, "take_back": _take_back}


def _page(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    shared = {"header_title": title, "page_title": title, "header_icon": ICON}
    return render(request, template, {**shared, **context}, status=status)


def address_of(page: Any) -> str:
    return reverse("twins:lesson", args=(page.pk,))
