"""What content adds to the desk: the reading lexicon, and the pages that need somebody."""

from typing import Any

from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from content.bulk import PublishEach, UnpublishEach
from content.desk import PageProblemsPanel
from content.models import Pronunciation


class ReadingViewSet(SnippetViewSet):
    model = Pronunciation
    icon = "openquote"
    menu_label = "读音库"
    menu_name = "readings"
    menu_order = 260
    add_to_admin_menu = True
    list_display = ["term", "pinyin", "spoken"]
    search_fields = ["term", "aliases"]
    search_backend_name = None  # a few dozen rows: the database looks itself
    ordering = ["term"]
    list_per_page = 50


register_snippet(ReadingViewSet)


def show_page_problems(request: Any, panels: list[Any]) -> None:
    """Before everything else."""
    panels.insert(0, PageProblemsPanel())


hooks.register("construct_homepage_panels", show_page_problems)
# After Wagtail's own, whose places they take.
hooks.register("register_bulk_action", PublishEach, order=100)
hooks.register("register_bulk_action", UnpublishEach, order=100)
