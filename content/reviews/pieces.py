"""Pages in review: where each stands, since when, and until when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.admin.utils import get_user_display_name
from wagtail.models import Page, TaskState, WorkflowState

from content.models import ReviewTask
from content.models.reviewed import Reviewed
from content.reviews.deadlines import working_days_after
from studyhub.core.review_levels import LEVELS, groups_of


@dataclass(frozen=True)
class Piece:
    """One page at one level. ``due_at`` is the end of a working day."""

    page: Page
    level: int
    sent_by: str
    since: datetime
    due_at: datetime

    @property
    def office(self) -> str:
        return LEVELS[self.level - 1]

    @property
    def is_late(self) -> bool:
        return self.due_at < timezone.now()


def pieces_at(levels: set[int]) -> list[Piece]:
    """What waits at these levels, what is due first at the top; in three queries."""
    return sorted(_pieces(levels), key=lambda piece: piece.due_at)


def _pieces(levels: set[int]) -> Iterator[Piece]:
    tasks = {task.pk: task for task in ReviewTask.objects.filter(level__in=levels)}
    states = TaskState.objects.filter(task__in=tasks, status=TaskState.STATUS_IN_PROGRESS)
    states = states.select_related("workflow_state__requested_by")
    pages = _pages_of(states)
    for state in states:
        page = pages.get(int(state.workflow_state.object_id))
        if page is not None:
            yield _piece(page, tasks[state.task_id], state)


def _pages_of(states: Any) -> dict[int, Page]:
    return reviewed_pages(int(state.workflow_state.object_id) for state in states)


def reviewed_pages(numbers: Iterable[int]) -> dict[int, Page]:
    """Those that are signed unit by unit, without what only their kind has; in one query."""
    pages = Page.objects.filter(pk__in=list(numbers)).specific(defer=True)
    return {page.pk: page for page in pages if isinstance(page, Reviewed)}


def _piece(page: Page, task: ReviewTask, state: TaskState) -> Piece:
    asked = state.workflow_state.requested_by
    name = get_user_display_name(asked) if asked else ""
    due = working_days_after(state.started_at, task.days)
    return Piece(page, task.level, name, state.started_at, due)


def levels_of(user: Any) -> set[int]:
    """The levels on which this account reviews."""
    names = groups_of(user)
    return {number for number, name in enumerate(LEVELS, start=1) if name in names}


def waiting_for(user: Any) -> list[Piece]:
    mine = levels_of(user)
    return pieces_at(mine) if mine else []


def returned_to(user: Any) -> list[tuple[Page, str]]:
    """Pages that this person sent and got back, each with the reason, the newest first."""
    states = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_NEEDS_CHANGES, requested_by=user
    ).select_related("current_task_state")
    states = list(states.order_by("-pk"))
    pages = reviewed_pages(int(state.object_id) for state in states)
    found = ((pages.get(int(one.object_id)), one.current_task_state) for one in states)
    return [(page, task.comment if task else "") for page, task in found if page]


def signed_and_waiting() -> list[Page]:
    """Drafts that passed their last level and are not published yet, the newest first."""
    passed = WorkflowState.objects.filter(status=WorkflowState.STATUS_APPROVED)
    numbers = {int(pk) for pk in passed.values_list("object_id", flat=True)}
    waiting = Page.objects.filter(pk__in=numbers, has_unpublished_changes=True)
    rows = waiting.exclude(pk__in=_in_review()).order_by("-latest_revision_created_at")
    order = list(rows.values_list("pk", flat=True))
    known = reviewed_pages(order)
    return [known[number] for number in order if number in known]


def _in_review() -> set[int]:
    active = WorkflowState.objects.active()
    return {int(pk) for pk in active.values_list("object_id", flat=True)}


def is_in_review(page: Any) -> bool:
    return bool(WorkflowState.objects.active().for_instance(page).exists())
