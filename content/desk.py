"""What content shows on the first page of the desk."""

from collections.abc import Mapping
from typing import Any

from wagtail.admin.ui.components import Component
from wagtail.models import Page
from wagtail.permissions import policy_registry

from content.models import PageProblem

MOST_SHOWN = 30


class PageProblemsPanel(Component):
    """Pages that an editor has to look after: those this editor may change."""

    name = "page_problems"
    template_name = "content/desk_problems.html"
    order = 20

    def get_context_data(self, parent_context: Mapping[str, Any]) -> Mapping[str, Any]:
        user = parent_context["request"].user
        policy = policy_registry.get_by_type(Page)
        mine = policy.instances_user_has_any_permission_for(user, {"change", "publish"})
        problems = PageProblem.objects.filter(page__in=mine).select_related("page")
        return {"problems": problems[:MOST_SHOWN]}
