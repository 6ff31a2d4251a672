"""``/cms/videos/PAGE/``: the storyboard of a lesson, its film, and how far it is."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from PIL import Image

from content.models import LessonPage, VerticalVideo
from content.videos import plan as plans
from content.videos.canvas import HEIGHT, PAPER, WIDTH
from content.videos.painting import paint
from content.videos.pictures import load_picture
from content.videos.plan import Plan, plan_of
from content.videos.queue import hint
from content.videos.rendering import ask_for_film
from content.videos.scenes import Scene
from studyhub.core.errors import StudyhubError
from studyhub.core.numbers import whole_number

ICON = "media"
SMALL = (WIDTH // 4, HEIGHT // 4)


@require_http_methods(["GET", "POST"])
def storyboard(request: HttpRequest, page_id: int) -> HttpResponse:
    """Every press stores what was typed before it does what it says."""
    plan = plan_of(_lesson(request, page_id))
    problem, typed = "", {}
    if request.method == "POST":
        typed = _typed(request, plan)
        try:
            _act(request, plan, typed)
            return redirect(f"{address_of(plan.page)}{_place(request)}")
        except StudyhubError as error:
            problem = error.detail
            plan = plan_of(plan.page)
    return _shown(request, plan, problem, typed)


def _shown(
    request: HttpRequest, plan: Plan, problem: str, typed: dict[str, dict[str, str]]
) -> HttpResponse:
    """What was typed and could not be stored stands beside what is stored now."""
    film = VerticalVideo.objects.filter(page=plan.page).order_by("asked_at", "pk").last()
    context = {
        "plan": plan,
        "page": plan.page,
        "cards": [
            (number, card, _unsaved(card, typed.get(card.scene.id, {})))
            for number, card in enumerate(plan.taken, start=1)
        ],
        "film": film,
        "is_of_today": bool(film and film.revision == plan.revision),
        "may_confirm": plan.page.permissions_for_user(request.user).can_publish(),
        "problem": problem,
        "header_title": "竖屏视频",
        "page_title": "竖屏视频",
        "header_icon": ICON,
    }
    status = 422 if problem else 200
    return render(request, "content/videos/storyboard.html", context, status=status)


def _unsaved(card: plans.Card, typed: dict[str, str]) -> str:
    """The words, where they are others than those that are stored."""
    words = typed.get("words", "").replace("\r\n", "\n").strip()
    return "" if words == card.scene.words else words


def _lesson(request: HttpRequest, page_id: int) -> LessonPage:
    page = get_object_or_404(LessonPage, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return page


def _typed(request: HttpRequest, plan: Plan) -> dict[str, dict[str, str]]:
    """By scene; what is not in the form stays as it is."""
    found: dict[str, dict[str, str]] = {}
    for card in plan.cards:
        for name in ("words", "seconds", "picture"):
            value = request.POST.get(f"{name}-{card.scene.id}")
            if value is not None:
                found.setdefault(card.scene.id, {})[name] = value
    return found


def _act(request: HttpRequest, plan: Plan, typed: dict[str, dict[str, str]]) -> None:
    act, _, id = request.POST.get("act", "save").partition(":")
    version = request.POST.get("version", "")
    changed = _CHANGES[act](plan, id) if act in _CHANGES else plan
    own = {one: words for one, words in typed.items() if (act, one) != ("lesson", id)}
    number = whole_number(version)
    if act in _CHANGES or _differs(plan, typed):
        plans.save_plan(changed, own, request.user, version=-1 if number is None else number)
    if act in _CHANGES:
        messages.success(request, "分镜存好了。")
    elif act == "render":
        hint(ask_for_film(plan_of(plan.page), request.user))
        messages.success(request, "开始生成了，做好的镜头不会重做。可以离开这一页。")
    elif act == "confirm":
        plans.confirm(plan_of(plan.page), request.user, seen=request.POST.get("free", ""))
        messages.success(request, "确认好了。")


def _differs(plan: Plan, typed: dict[str, dict[str, str]]) -> bool:
    """Whether a press that is no change brings typed words along."""
    return any(_is_other(card, typed.get(card.scene.id, {})) for card in plan.cards)


def _is_other(card: plans.Card, typed: dict[str, str]) -> bool:
    scene = card.scene
    words = typed.get("words", scene.words).replace("\r\n", "\n").strip()
    picture = str(scene.image_id or "")
    same = words == scene.words and typed.get("picture", picture) == picture
    return not same or typed.get("seconds", str(scene.seconds)) != str(scene.seconds)


_CHANGES = {
    "save": lambda plan, id: plan,
    "up": lambda plan, id: plans.moved(plan, id, -1),
    "down": lambda plan, id: plans.moved(plan, id, 1),
    "remove": lambda plan, id: plans.taken_or_not(plan, id, removed=True),
    "take": lambda plan, id: plans.taken_or_not(plan, id, removed=False),
    "lesson": plans.as_in_lesson,
}


def _place(request: HttpRequest) -> str:
    _, colon, id = request.POST.get("act", "").partition(":")
    return f"#s-{id}" if colon else ""


@require_safe
def still(request: HttpRequest, page_id: int, scene_id: str) -> HttpResponse:
    """The scene as it will stand, small; drawn by the code that draws the film."""
    plan = plan_of(_lesson(request, page_id))
    card = next((one for one in plan.cards if one.scene.id == scene_id), None)
    if card is None:
        raise Http404
    answer = HttpResponse(_small(card.scene), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400"  # its address names what is in it
    return answer


def _small(scene: Scene) -> bytes:
    try:
        image = paint(scene, load_picture(scene.image_id)).whole
    except StudyhubError:
        image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)  # the card says what is wrong
    out = BytesIO()
    image.resize(SMALL, Image.Resampling.LANCZOS).save(out, "JPEG", quality=80)
    return out.getvalue()


@require_safe
def state(request: HttpRequest, page_id: int) -> JsonResponse:
    """How far the newest film is, for the page that waits."""
    film = _film(request, page_id)
    shown = {"state": film.state, "done": film.scenes_done, "all": film.scenes_all}
    return JsonResponse(shown)


@require_safe
def watch(request: HttpRequest, page_id: int) -> FileResponse:
    film = _film(request, page_id)
    return _file(film, film.file_name, "video/mp4", ".mp4", request)


@require_safe
def cover(request: HttpRequest, page_id: int) -> FileResponse:
    film = _film(request, page_id)
    return _file(film, film.cover_name, "image/jpeg", ".jpg", request)


def _film(request: HttpRequest, page_id: int) -> VerticalVideo:
    films = VerticalVideo.objects.filter(page=_lesson(request, page_id))
    if found := films.order_by("asked_at", "pk").last():
        return found
    raise Http404


def _file(
    film: VerticalVideo, name: str, kind: str, ending: str, request: HttpRequest
) -> FileResponse:
    if film.state != film.State.DONE or not default_storage.exists(name):
        raise Http404
    answer = FileResponse(
        default_storage.open(name),
        as_attachment="download" in request.GET,
        filename=f"{film.page.title}{ending}",
        content_type=kind,
    )
    answer["Cache-Control"] = "private, no-cache"
    return answer


def address_of(page: Any) -> str:
    return reverse("videos:storyboard", args=(page.pk,))
