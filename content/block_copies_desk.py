"""复制到另一课 at the desk: the blocks to tick, the lesson they go to."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin.widgets import Button

from content.block_copies import copy_blocks
from content.document import document_of
from content.models import LessonPage
from content.text_diff import texts_of
from content.word_files.desk import may_change
from content.word_files.report import first_words
from studyhub.core.errors import Invalid, StudyhubError

NAME = "copy_blocks"


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, page_id: int) -> HttpResponse:
    """What was ticked stays ticked where it is refused."""
    page = get_object_or_404(LessonPage, pk=page_id)
    user: Any = request.user
    if not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    draft = page.get_latest_revision_as_object()
    ticked = request.POST.getlist("block")
    problem = ""
    if request.method == "POST":
        try:
            return _copied(request, draft, ticked)
        except StudyhubError as error:
            problem = error.detail
    others = LessonPage.objects.exclude(pk=page.pk).filter(alias_of=None).in_study_order()
    context = {
        "page": draft,
        "blocks": list(_blocks(draft, ticked)),
        "lessons": [one for one in others.defer("body") if may_change(user, one)],
        "lesson": request.POST.get("lesson", ""),
        "problem": problem,
        "header_title": "复制到另一课",
        "page_title": "复制到另一课",
        "header_icon": "copy",
    }
    return render(request, "content/copy_blocks.html", context, status=422 if problem else 200)


def _copied(request: HttpRequest, draft: Any, ticked: list[str]) -> HttpResponse:
    wanted = request.POST.get("lesson", "")
    target = LessonPage.objects.filter(pk=wanted).first() if wanted.isdecimal() else None
    if target is None or target.pk == draft.pk or not may_change(request.user, target):
        raise Invalid("no_lesson", "请选要复制到的那一课：它不在了，或者您不能改它。")
    notes = copy_blocks(draft, ticked, target, request.user)
    messages.success(request, "复制好了，在那一课草稿的最后，还没有发布。请核对。")
    for note in notes:
        messages.warning(request, note)
    return redirect("wagtailadmin_pages:edit", target.pk)


def _blocks(draft: Any, ticked: list[str]) -> Iterator[dict[str, Any]]:
    document = document_of(draft.body)
    words = texts_of(draft.lesson_key, draft.title, draft.summary, document)
    for child in draft.body:
        key = str(child.id)
        told = words.get(key, {"title": "", "text": ""})
        yield {
            "id": key,
            "kind": child.block.label,
            "title": told["title"],
            "words": first_words(told["text"].removeprefix(told["title"])),
            "ticked": key in ticked,
        }


def urls() -> list[URLPattern]:
    return [path("copy-blocks/<row:page_id>/", choose, name=NAME)]


def button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """From a lesson's editor."""
    if isinstance(page.specific, LessonPage) and page.permissions_for_user(user).can_edit():
        yield Button("复制到另一课", reverse(NAME, args=[page.pk]), icon_name="copy", priority=68)
