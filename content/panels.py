"""The place where apps above content add their panel to the lesson editor, without content knowing
them."""

from typing import Any

from wagtail.admin.panels import Panel

from content.models import LessonPage


def add_lesson_panel(panel: Panel) -> None:
    """Call from ``AppConfig.ready()``; the editor shows the panel after content's own."""
    LessonPage.content_panels = [*LessonPage.content_panels, panel]


def add_panel_below_body(panel: Panel, page: Any = LessonPage) -> None:
    """As ``add_lesson_panel``, right below what it speaks of, also to the editor of other pages."""
    panels = page.content_panels
    place = [getattr(one, "field_name", "") for one in panels].index("body") + 1
    page.content_panels = [*panels[:place], panel, *panels[place:]]
