"""What content adds to the desk: the reading lexicon, and the pages that need somebody."""

from typing import Any

from wagtail import hooks
from wagtail.admin.menu import SubmenuMenuItem
from wagtail.admin.views.home import RecentEditsPanel, WorkflowObjectsToModeratePanel
from wagtail.admin.wagtail_hooks import SettingsMenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from content import proof_hooks  # noqa: F401  registers its own
from content.bulk import PublishEach, UnpublishEach
from content.desk import (
    DraftsPanel,
    PageProblemsPanel,
    PublishedPanel,
    ReviewPanel,
    TodayPanel,
)
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


FOR_ADMINISTRATORS = {"workflow-tasks", "site-history"}
REPLACED = (WorkflowObjectsToModeratePanel, RecentEditsPanel)


def show_what_waits(request: Any, panels: list[Any]) -> None:
    """Ours instead of Wagtail's list of recent edits; what waits comes first."""
    panels[:] = [panel for panel in panels if not isinstance(panel, REPLACED)]
    panels += [PageProblemsPanel(), ReviewPanel(), DraftsPanel(), PublishedPanel()]
    panels.append(TodayPanel(panels))


class SettingsWithoutVersion(SettingsMenuItem):
    """Wagtail writes its version below the menu."""

    def render_component(self, request: Any) -> Any:
        return SubmenuMenuItem.render_component(self, request)


def keep_the_menu_short(request: Any, items: list[Any]) -> None:
    """No help in English, no version; shortcuts are told by their own key."""
    items[:] = [item for item in items if item.name != "help"]
    for item in items:
        if item.name == "settings":
            item.__class__ = SettingsWithoutVersion


def keep_reports_short(request: Any, items: list[Any]) -> None:
    """Some only those who look after the system make use of, one is for programmers."""
    hidden = {"page-types-usage"} | (set() if request.user.is_superuser else FOR_ADMINISTRATORS)
    items[:] = [item for item in items if item.name not in hidden]


hooks.register("construct_homepage_panels", show_what_waits)
hooks.register("construct_main_menu", keep_the_menu_short)
hooks.register("construct_reports_menu", keep_reports_short)
# After Wagtail's own, whose places they take.
hooks.register("register_bulk_action", PublishEach, order=100)
hooks.register("register_bulk_action", UnpublishEach, order=100)
