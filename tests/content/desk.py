"""What an editor's browser sends."""

from typing import Any

from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from content.models import LessonPage


def lesson_form(page: LessonPage, *, text: str, **more: Any) -> dict[str, Any]:
    """The form of a lesson with one section of this text."""
    section = {"heading": "开会", "text": rich_text(text), "required": "on"}
    form: dict[str, Any] = nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "summary": page.summary,
            "minutes": 5,
            "credit_hours": "0.25",
            "cover": "",
            "body": streamfield([("section", section)]),
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
            **more,
        }
    )
    return form
