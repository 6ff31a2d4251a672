"""What proof-reading adds to the desk: its rules, its pages, and the count of what it found."""

from typing import Any

from django.db.models import QuerySet
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from content.models import ProofRule
from content.proof_reading import PROOFREAD, count_hits
from content.proof_views import URLS


class ProofRuleViewSet(SnippetViewSet):
    """校对规则. Those that are often wrong say so in the list."""

    model = ProofRule
    icon = "check"
    menu_label = "校对规则"
    menu_name = "proof-rules"
    menu_order = 270
    add_to_admin_menu = True
    list_display = [
        "name",
        Column("get_level_display", label="级别", sort_key="level"),
        Column("reach", label="看哪里"),
        Column("experience", label="误报"),
        Column("used", label="使用", sort_key="is_on"),
    ]
    list_filter = ["level", "is_on"]
    search_fields = ["name", "words", "instead"]
    search_backend_name = None  # a hundred rows: the database looks itself
    ordering = ["pk"]
    list_per_page = 100

    def get_queryset(self, request: Any) -> QuerySet[ProofRule]:
        return ProofRule.objects.with_counts()


def count_what_was_found(request: Any, page: Any) -> None:
    """After a draft was saved, by whatever button."""
    if isinstance(page, PROOFREAD):
        count_hits(page)


register_snippet(ProofRuleViewSet)
hooks.register("register_admin_urls", lambda: URLS)
hooks.register("after_create_page", count_what_was_found)
hooks.register("after_edit_page", count_what_was_found)
