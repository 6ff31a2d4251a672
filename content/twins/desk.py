"""Twins on the first page of the desk, in its menu, and at a lesson's editor."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, include, path, reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button

from content.models import LessonPage
from content.twins import lists, views

Context = Mapping[str, Any]


class _TwinsPanel(Component):
    """Lessons with the number of blocks that are meant; for translators alone."""

    template_name = "content/twins/panel.html"
    heading = ""

    def counts(self, user: Any) -> lists.Counts:
        raise NotImplementedError

    def waiting(self, user: Any) -> list[lists.Line]:
        return lists.lines_of(self.counts(user)) if lists.is_translator(user) else []

    def get_context_data(self, parent_context: Context) -> Context:
        lines = self.waiting(parent_context["request"].user)
        count = sum(line.count for line in lines)
        return {"name": self.name, "heading": f"{self.heading}（{count} 段）", "lines": lines}


class StalePanel(_TwinsPanel):
    """待更新: what readers see was made from Chinese that has changed since."""

    name, order, heading = "stale-twins", 32, "待更新的译文"

    def counts(self, user: Any) -> lists.Counts:
        return lists.stale_blocks()


class SignPanel(_TwinsPanel):
    """What others translated and this person may sign."""

    name, order, heading = "unsigned-twins", 33, "等我签的译文"

    def counts(self, user: Any) -> lists.Counts:
        return lists.blocks_to_sign(user)


PANELS = (StalePanel, SignPanel)


def twin_urls() -> list[URLPattern | URLResolver]:
    own = [
        path("", views.overview, name="overview"),
        path("<int:page_id>/", views.lesson, name="lesson"),
        path("<int:page_id>/<str:block_id>/", views.act, name="act"),
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
