"""我已学完: where the link and the code at the end of a single-file lesson lead.

A file cannot count for anybody; whoever opens this signs in and says so.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from content import catalogue
from studyhub.core.errors import Invalid
from studyhub.learning.progress import progress_of
from studyhub.learning.study import report_form
from studyhub.people import access
from studyhub.people.models import Member
from studyhub.web.private import page, private
from studyhub.web.views.study import missing


@require_http_methods(["GET", "HEAD", "POST"])
@private
def declare(request: HttpRequest, lesson_key: UUID) -> HttpResponse:
    """Only 学完了 is recorded: the lesson's own rule holds, and what is missing is told."""
    card = catalogue.lesson(lesson_key)
    revision = _revision(request.GET.get("v", ""), card.revision)
    member = access.member_of(request.user)
    context: dict[str, object] = {"card": card, "revision": revision, "has_member": bool(member)}
    if member is None:
        return page(request, "web/declare.html", context)
    if request.method == "POST":
        return _record(request, member, card, revision)
    progress = progress_of(member, [lesson_key])[lesson_key]
    context |= {"progress": progress, "missing": missing(catalogue.outline(lesson_key), progress)}
    return page(request, "web/declare.html", context)


def _record(
    request: HttpRequest, member: Member, card: catalogue.LessonCard, revision: int
) -> HttpResponse:
    kinds: list[tuple[str, dict[str, object]]] = [("lesson_finished", {})]
    report = report_form(member=member, lesson_key=card.lesson_key, revision=revision, kinds=kinds)
    for result in report.stored.results:
        if result.status == "rejected":
            raise Invalid(result.code, result.detail)
    messages.success(request, "✓ 已经记下：您说学完了这一课。")
    return redirect(f"/study/{card.lesson_key}/")


def _revision(text: str, latest: int) -> int:
    """The one the file was made of; a number that never was counts as the newest."""
    number = int(text) if text.isdecimal() and len(text) < 9 else latest
    return number if 1 <= number <= latest else latest
