"""我已学完: where the link and the code at the end of a single-file lesson lead.

A file cannot count for anybody; whoever opens this page signs in and says so.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from content import catalogue
from studyhub.learning.progress import missing_of, progress_of
from studyhub.learning.submissions import submit_form
from studyhub.people import access
from studyhub.people.models import Member
from studyhub.web.lesson_forms import outline_asked_for
from studyhub.web.private import page, private


@require_http_methods(["GET", "HEAD", "POST"])
@private
def declare(request: HttpRequest, lesson_key: UUID) -> HttpResponse:
    """Only 学完了 is recorded: the lesson's own rule holds, and the page says what is missing."""
    card = catalogue.lesson(lesson_key)
    revision = outline_asked_for(lesson_key, request.GET.get("v", "")).revision
    member = access.member_of(request.user)
    context: dict[str, object] = {"card": card, "revision": revision, "has_member": bool(member)}
    if member is None:
        return page(request, "web/declare.html", context)
    if request.method == "POST":
        return _record(request, member, card, revision)
    progress = progress_of(member, [lesson_key])[lesson_key]
    context |= {
        "progress": progress,
        "missing": missing_of(catalogue.outline(lesson_key), progress),
    }
    return page(request, "web/declare.html", context)


def _record(
    request: HttpRequest, member: Member, card: catalogue.LessonCard, revision: int
) -> HttpResponse:
    acts: list[tuple[str, dict[str, object]]] = [("lesson_finished", {})]
    submit_form(member=member, lesson_key=card.lesson_key, revision=revision, acts=acts)
    messages.success(request, "✓ 已经记下：您说学完了这一课。")
    return redirect(f"/study/{card.lesson_key}/")
