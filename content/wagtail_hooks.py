"""What content adds to the desk: the reading lexicon, and the pages that need somebody."""

from collections.abc import Iterator
from typing import Any

from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem, SubmenuMenuItem
from wagtail.admin.views.home import RecentEditsPanel, WorkflowObjectsToModeratePanel
from wagtail.admin.wagtail_hooks import SettingsMenuItem
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from content import (  # noqa: F401  most register their own
    block_copies_desk,
    proof_hooks,
    question_hooks,
    reports,
    schedule_desk,
    site_desk,
)
from content.bulk import PublishEach, UnpublishEach
from content.desk import PageProblemsPanel, PublishedPanel, ReviewPanel, TodayPanel
from content.desk_panels import PANELS
from content.models import CoursePage, ImportReport, LessonPage, OralHistory
from content.readings_desk import ReadingViewSet, reading_urls
from content.reviews import desk as reviews
from content.rich_text_editor import register_pasting
from content.twins import desk as twins
from content.videos import desk as videos
from content.word_files import desk


class OralHistoryViewSet(SnippetViewSet):
    """口述历史: who told what, and what they agreed to."""

    model = OralHistory
    icon = "openquote"
    menu_label = "口述历史"
    menu_name = "oral-histories"
    menu_order = 265
    add_to_admin_menu = True
    list_display = ["shown_as", "media", "consented_on", "expires_on", "withdrawn_on"]
    search_fields = ["teller", "shown_as"]
    search_backend_name = None  # a few dozen rows: the database looks itself
    list_per_page = 50


register_snippet(ReadingViewSet)
register_snippet(OralHistoryViewSet)


FOR_ADMINISTRATORS = {"workflow-tasks", "site-history"}
REPLACED = (WorkflowObjectsToModeratePanel, RecentEditsPanel)


def show_what_waits(request: Any, panels: list[Any]) -> None:
    """Ours instead of Wagtail's list of recent edits; what waits comes first."""
    panels[:] = [panel for panel in panels if not isinstance(panel, REPLACED)]
    panels += [PageProblemsPanel(), ReviewPanel(), PublishedPanel()]
    panels += [panel() for panel in PANELS]
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


class ImportMenuItem(MenuItem):
    """For those who may add a lesson somewhere."""

    def is_shown(self, request: Any) -> bool:
        return desk.may_import(request.user)


def import_menu_item() -> MenuItem:
    address = reverse("word_files:start")
    return ImportMenuItem("导入 Word", address, name="word", icon_name="doc-full", order=255)


def import_urls() -> list[Any]:
    """The screens below ``/cms/word/``."""
    screens = [
        path("", desk.start, name="start"),
        path("<uuid:upload_id>/", desk.preview, name="preview"),
        path("reports/<row:report_id>/", desk.report, name="report"),
    ]
    return [path("word/", include((screens, "word_files")))]


def import_button(page: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """At a course, in the list of pages."""
    if isinstance(page.specific, CoursePage) and page.permissions_for_user(user).can_add_subpage():
        address = f"{reverse('word_files:start')}?course={page.pk}"
        yield Button("导入 Word", address, icon_name="doc-full", priority=35)


def import_page_buttons(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """On a course's own screen, and at a lesson that came from a file its report."""
    if isinstance(page.specific, LessonPage):
        if report := ImportReport.objects.filter(page=page).order_by("pk").last():
            address = reverse("word_files:report", args=[report.pk])
            yield Button("导入报告", address, icon_name="doc-full", priority=66)
        return
    yield from import_button(page, user)


def say_when_it_was_saved() -> SafeString:
    """已保存 12:03."""
    return format_html('<script type="module" src="{}"></script>', static("web/saved_at.js"))


hooks.register("register_rich_text_features", register_pasting)
hooks.register("register_admin_menu_item", import_menu_item)
hooks.register("register_admin_urls", import_urls)
hooks.register("register_page_listing_more_buttons", import_button)
hooks.register("register_page_header_buttons", import_page_buttons)
hooks.register("construct_homepage_panels", show_what_waits)
hooks.register("construct_main_menu", keep_the_menu_short)
hooks.register("construct_reports_menu", keep_reports_short)
hooks.register("register_admin_urls", block_copies_desk.urls)
hooks.register("register_page_header_buttons", block_copies_desk.button)
hooks.register("register_admin_urls", reading_urls)
hooks.register("register_admin_urls", reviews.review_urls)
hooks.register("register_admin_menu_item", reviews.menu_item)
hooks.register("register_page_header_buttons", reviews.review_button)
hooks.register("before_publish_page", reviews.say_what_is_unsigned)
hooks.register("after_create_page", reviews.name_what_was_sent)
hooks.register("after_edit_page", reviews.name_what_was_sent)
hooks.register("after_edit_page", reviews.tell_after_saving)
hooks.register("register_log_actions", reviews.name_log_actions)
hooks.register("insert_editor_js", say_when_it_was_saved)
hooks.register("register_admin_urls", twins.twin_urls)
hooks.register("register_admin_menu_item", twins.menu_item)
hooks.register("register_page_header_buttons", twins.twin_button)
hooks.register("register_admin_urls", videos.video_urls)
hooks.register("register_page_header_buttons", videos.video_button)
# After Wagtail's own, whose places they take.
hooks.register("register_bulk_action", PublishEach, order=100)
hooks.register("register_bulk_action", UnpublishEach, order=100)
