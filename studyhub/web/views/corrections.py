"""What was corrected in lessons the reader had finished. No leader sees who saw it."""

from itertools import groupby
from operator import attrgetter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from studyhub.core.errors import NotFound
from studyhub.core.ids import parse_uuid
from studyhub.learning.corrections import acknowledge, open_corrections
from studyhub.people import access
from studyhub.people.models import Member
from studyhub.web.lesson_forms import revision_number
from studyhub.web.private import page, private


@require_http_methods(["GET", "HEAD", "POST"])
@private
def own_corrections(request: HttpRequest) -> HttpResponse:
    """Shows the open ones by lesson, and takes 我看过了."""
    member = access.member_of(request.user)
    if member is None:
        return redirect("/me/")
    if request.method == "POST":
        return _acknowledge(request, member)
    groups = groupby(open_corrections(member), key=attrgetter("lesson_key"))
    lessons = [list(cards) for _, cards in groups]
    return page(request, "web/corrections.html", {"lessons": lessons})


def _acknowledge(request: HttpRequest, member: Member) -> HttpResponse:
    lesson_key = parse_uuid(request.POST.get("lesson"))
    if lesson_key is None:
        raise NotFound("lesson_not_found", "没有这一课。请回到“我的”，再点一次改正说明。")
    numbers = map(revision_number, request.POST.getlist("revision"))
    acknowledge(member, lesson_key, [number for number in numbers if number])
    messages.success(request, "记下了，这处改正您已经看过。")
    return redirect("/me/corrections/")
