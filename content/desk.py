"""What content shows on the first page of the desk: what waits for this person, and what is new."""

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.models import Page, TaskState, WorkflowState, get_default_page_content_type
from wagtail.permissions import policy_registry

from content.desk_panels import (
    DeskPanel,
    Line,
    add_panel,
    day_and_hour,
    editor_of,
    first_of,
)
from content.models import LessonPage, PageProblem

MOST_SHOWN = 30
NEWEST = 5
Context = Mapping[str, Any]


class TodayPanel(Component):
    """How much waits for this person, and the next step: nobody's first page is empty.

    Panels that show what waits have a method ``count``; which, is known when the page is drawn.
    """

    name = "today"
    template_name = "content/desk_today.html"
    order = 10

    def __init__(self, panels: list[Any]) -> None:
        self.panels = panels

    def get_context_data(self, parent_context: Context) -> Context:
        user = parent_context["request"].user
        tasks = (p for p in self.panels if getattr(p, "is_task", hasattr(p, "count")))
        return {"waiting": sum(p.count(user) for p in tasks), "may_write": may_write(user)}


def may_write(user: Any) -> bool:
    return bool(policy_registry.get_by_type(Page).user_has_permission(user, "add"))


class PageProblemsPanel(Component):
    """Pages that an editor has to look after: those this editor may change."""

    name = "page_problems"
    template_name = "content/desk_problems.html"
    order = 20

    def waiting(self, user: Any) -> QuerySet[PageProblem]:
        policy = policy_registry.get_by_type(Page)
        mine = policy.instances_user_has_any_permission_for(user, {"change", "publish"})
        return PageProblem.objects.filter(page__in=mine).select_related("page")

    def count(self, user: Any) -> int:
        return self.waiting(user).count()

    def get_context_data(self, parent_context: Context) -> Context:
        return {"problems": self.waiting(parent_context["request"].user)[:MOST_SHOWN]}


class ReviewPanel(WorkflowObjectsToModeratePanel):
    """Wagtail's own list of what this person is to review; lessons have a list of ours."""

    order = 31

    def count(self, user: Any) -> int:
        return TaskState.objects.reviewable_by(user).count()


@add_panel
class DraftsPanel(DeskPanel):
    """What this person began or wrote last, and nobody reviews or reads yet."""

    name, order, heading = "drafts", 32, "我的草稿"
    empty = "没有写到一半的课。点上面的“写一课”就开始。"

    def is_for(self, user: Any) -> bool:
        return may_write(user)

    def _find(self, user: Any) -> tuple[int, list[Line]]:
        mine = Q(owner=user) | Q(latest_revision__user=user)
        drafts = Page.objects.filter(mine, has_unpublished_changes=True).exclude(Exists(_reviews()))
        count, pages = first_of(drafts.order_by("-latest_revision_created_at"))
        return count, [
            Line(page.get_admin_display_title(), editor_of(page.pk), _saved(page)) for page in pages
        ]


def _saved(page: Page) -> str:
    at = page.latest_revision_created_at
    when = f"{day_and_hour(at)} 保存" if at else ""
    return f"{when}，公开的还是以前的版本" if page.live else when


def _reviews() -> QuerySet[WorkflowState]:
    """Of the page of the outer query; PostgreSQL compares no number with a text."""
    number = Cast(OuterRef("pk"), CharField())
    kind = get_default_page_content_type()
    return WorkflowState.objects.active().filter(base_content_type=kind, object_id=number)


class PublishedPanel(Component):
    """The lessons that were published last, whoever wrote them."""

    name = "published"
    template_name = "content/desk_pages.html"
    order = 400

    def get_context_data(self, parent_context: Context) -> Context:
        pages = LessonPage.objects.live().order_by("-last_published_at")[:NEWEST]
        words = {"name": self.name, "heading": "最近发布的课", "moment": "published"}
        return {**words, "pages": pages, "request": parent_context["request"]}
