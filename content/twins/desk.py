"""Twins on the first page of the desk, in its menu, and at a lesson's editor."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from content.desk_panels import DeskPanel, Line, add_panel, all_of
from content.models import LessonPage
from content.twins import lists, views


class _TwinsPanel(DeskPanel):
    """Lessons with the number of blocks that are meant; for translators alone."""

    def counts(self, user: Any) -> lists.Counts:
        raise NotImplementedError

    def is_for(self, user: Any) -> bool:
        return lists.is_translator(user)

    def more(self, user: Any) -> str:
        return reverse("twins:overview")

    def _find(self, user: Any) -> tuple[int, list[Line]]:
        found = lists.lines_of(self.counts(user)) if lists.is_translator(user) else []
        return all_of([_line(one) for one in found])


def _line(lesson: lists.Line) -> Line:
    title = lesson.page.get_admin_display_title()
    return Line(title, reverse("twins:lesson", args=[lesson.page.pk]), f"{lesson.count} 段")


@add_panel
class StalePanel(_TwinsPanel):
    """待更新: made from Chinese that has changed since."""

    name, order, heading = "stale-twins", 32, "待更新的译文"
    empty = "译文都跟上了中文。"

    def counts(self, user: Any) -> lists.Counts:
        return lists.stale_blocks()


@add_panel
class SignPanel(_TwinsPanel):
    """What others translated and this person may sign."""

    name, order, heading = "unsigned-twins", 33, "等我签的译文"
    empty = "没有等您签的译文。"

    def counts(self, user: Any) -> lists.Counts:
        return lists.blocks_to_sign(user)


def twin_urls() -> list[URLPattern | URLResolver]:
    own = [
        path("", views.overview, name="overview"),
        path("<row:page_id>/", views.lesson, name="lesson"),
        path("<row:page_id>/<text:block_id>/", views.act, name="act"),
    ]
    return [path("twins/", include((own, "twins")))]


class TwinsMenuItem(MenuItem):
    """For those who read Mongolian, and those who say who does."""

    def is_shown(self, request: Any) -> bool:
        return lists.sees_twins(request.user)


def menu_item() -> MenuItem:
    address = reverse("twins:overview")
    return TwinsMenuItem("蒙文译校", address, name="twins", icon_name=views.ICON, order=215)


def twin_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Any]:
    """From a lesson's editor to its blocks in Mongolian."""
    if isinstance(page.specific, LessonPage):
        yield Button("蒙文", views.address_of(page), icon_name=views.ICON, priority=67)
