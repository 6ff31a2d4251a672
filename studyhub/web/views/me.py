"""The reader's own record: they see it first, and all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from content import catalogue
from studyhub.core.clock import today
from studyhub.learning.corrections import open_corrections
from studyhub.learning.models import LessonStatus
from studyhub.learning.plans import AssignedLesson, assigned_lessons
from studyhub.learning.progress import LessonProgress, progress_of
from studyhub.learning.study_years import study_years
from studyhub.people import access
from studyhub.people.models import LedgerChange, RecordView
from studyhub.people.second_factor import may_have_factor
from studyhub.people.sessions import phones_of, sign_out_elsewhere
from studyhub.web.private import SignedInRequest, page, private

VIEWS_SHOWN = 20
CHANGES_SHOWN = 20


@dataclass(frozen=True)
class Stop:
    """A lesson on the map of its course."""

    card: catalogue.LessonCard
    status: LessonStatus
    percent: int


@dataclass(frozen=True)
class CourseMap:
    """The lessons of a course in their order, as its reader stands with them."""

    title: str
    url: str
    stops: list[Stop]

    @property
    def finished(self) -> int:
        """How many of the stops are finished."""
        return sum(stop.status == LessonStatus.FINISHED for stop in self.stops)


@require_safe
@private
def own_record(request: SignedInRequest) -> HttpResponse:
    """Plans, maps, corrections, who looked, and where one is signed in."""
    member = access.member_of(request.user)
    signed_in = {
        "phones": phones_of(request, request.user),
        "may_have_factor": may_have_factor(request.user),
    }
    if member is None:
        return page(request, "web/me_without_record.html", signed_in)
    assigned = assigned_lessons(member)
    progress, cards = progress_of(member), catalogue.lessons()
    return page(
        request,
        "web/me.html",
        {
            "member": member,
            "plans": plans_in_order(assigned),
            "required": sum(item.required for item in assigned),
            "finished": sum(item.required and _is_finished(item) for item in assigned),
            "next_item": next((i for i in assigned if not _is_finished(i)), None),
            "corrections": len(open_corrections(member)),
            "maps": course_maps(progress, cards),
            "years": study_years(progress, today()),
            "cards": {card.lesson_key: card for card in cards},
            "contacts": member.contacts.newest_first()[:VIEWS_SHOWN],
            "views": RecordView.objects.at(member)[:VIEWS_SHOWN],
            "changes": LedgerChange.objects.of(member)[:CHANGES_SHOWN],
            **signed_in,
            "today": today(),
        },
    )


@require_POST
@private
def leave_elsewhere(request: SignedInRequest) -> HttpResponse:
    """Signs the reader out everywhere but here."""
    sign_out_elsewhere(request, request.user)
    messages.success(request, "✓ 别处的登录都退出了，只有这里还登录着。")
    return redirect("/me/")  # where the note is seen


def _is_finished(item: AssignedLesson) -> bool:
    return item.progress.status == LessonStatus.FINISHED


def plans_in_order(assigned: Iterable[AssignedLesson]) -> list[tuple[str, list[AssignedLesson]]]:
    """The lessons by the title of their plan, both in the order they come in."""
    plans: dict[str, list[AssignedLesson]] = {}
    for item in assigned:
        plans.setdefault(item.plan_title, []).append(item)
    return list(plans.items())


def course_maps(
    progress: dict[UUID, LessonProgress], cards: Iterable[catalogue.LessonCard]
) -> list[CourseMap]:
    """All open courses; a lesson that was not begun stands on its map all the same."""
    maps: dict[str, CourseMap] = {}
    for card in cards:
        known = progress.get(card.lesson_key)
        status = known.status if known else LessonStatus.NOT_STARTED
        stop = Stop(card, status, known.percent if known else 0)
        here = maps.setdefault(card.course_slug, CourseMap(card.course_title, card.course_url, []))
        here.stops.append(stop)
    return list(maps.values())
