"""The sandbox's own pages: what a phone would show, marked as not real on every screen."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from studyhub.sandbox import platform
from studyhub.sandbox.models import (
    App,
    Article,
    Call,
    Draft,
    Fault,
    FilmPost,
    Material,
    Robot,
)

CHAT_SHOWN = 50
PICTURE = re.compile(r"https?://mmbiz\.qpic\.cn/sz_mmbiz_jpg/([\w-]+)/0(?:\?[^\"'\s]*)?")


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The emulated accounts with their drafts, articles and latest calls."""
    apps = list(App.objects.order_by("app_id"))
    for app in apps:
        platform.settle_due_jobs(app)
    return marked(
        render(
            request,
            "sandbox/index.html",
            {
                "apps": apps,
                "robots": Robot.objects.order_by("kind", "key").prefetch_related("words"),
                "faults": Fault.objects.filter(times_left__gt=0),
                "films": FilmPost.objects.filter(deleted=False).select_related("app")[:20],
                "calls": Call.objects.all()[:20],
            },
        )
    )


@require_GET
def article(request: HttpRequest, article_id: str) -> HttpResponse:
    """An article as a phone shows it; 410 once it is deleted."""
    found = get_object_or_404(Article.objects.select_related("app"), article_id=article_id)
    status = 410 if found.is_deleted else 200
    context = {
        "article": None if found.is_deleted else found.first,
        "app": found.app,
        "at": found.published_at,
        "content": shown(found.first["content"]),
        "is_draft": False,
    }
    return marked(render(request, "sandbox/article.html", context, status=status))


@require_GET
def draft(request: HttpRequest, media_id: str) -> HttpResponse:
    """A draft as a phone would show it."""
    found = get_object_or_404(Draft.objects.select_related("app"), media_id=media_id)
    first = found.articles[0]
    context = {
        "article": first,
        "app": found.app,
        "at": found.updated_at,
        "content": shown(first["content"]),
        "is_draft": True,
    }
    return marked(render(request, "sandbox/article.html", context))


@require_GET
def chat(request: HttpRequest, pk: int) -> HttpResponse:
    """What a robot has said, as the group sees it."""
    robot = get_object_or_404(Robot, pk=pk)
    context = {"robot": robot, "words": reversed(robot.words.all()[:CHAT_SHOWN])}
    return marked(render(request, "sandbox/chat.html", context))


@require_GET
@cache_control(max_age=86400)
def picture(request: HttpRequest, media_id: str) -> HttpResponse:
    """An uploaded picture."""
    found = Material.objects.filter(media_id=media_id).first()
    if found is None:
        raise Http404
    return marked(HttpResponse(bytes(found.data), content_type=found.content_type))


def shown(content: str) -> SafeString:
    """The stored article with its pictures pointing at the sandbox; ``platform`` cleaned it."""

    def local(found: re.Match[str]) -> str:
        return reverse("sandbox:picture", args=[found[1]])

    return mark_safe(PICTURE.sub(local, content))


def marked(response: HttpResponse) -> HttpResponse:
    """Said to be the sandbox's, and kept out of search engines."""
    response["X-Studyhub-Sandbox"] = "1"
    response["X-Robots-Tag"] = "noindex"
    return response
