"""The place where apps above content add their panel to the lesson editor, without content knowing
them."""

from wagtail.admin.panels import Panel

from content.models import LessonPage


def add_lesson_panel(panel: Panel) -> None:
    """Call from ``AppConfig.ready()``; the editor shows the panel after content's own."""
    LessonPage.content_panels = [*LessonPage.content_panels, panel]
