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


def question_form(page: LessonPage, sections: list[tuple[str, str]], cites: str) -> dict[str, Any]:
    """The form of a lesson with these sections (id, heading) and a question that cites one."""
    blocks: list[Any] = [
        ("section", {"heading": name, "text": rich_text("<p>文。</p>")}) for _, name in sections
    ]
    asked = {"title": "自测", "pass_mark": "60", "questions": _items([_asked(cites)])}
    body = streamfield([*blocks, ("self_check", asked)])
    for number, (key, _) in enumerate(sections):
        body[str(number)]["id"] = key
    form = lesson_form(page, text="<p>文。</p>")
    kept = {name: value for name, value in form.items() if not name.startswith("body-")}
    return {**kept, **nested_form_data({"body": body})}


def _asked(cites: str) -> dict[str, Any]:
    words = {"kind": "truefalse", "stem": "会开了三天。", "truth": "true", "accepted": ""}
    rest = {"explanation": "正文里写着。", "source": "", "bank": "", "section": cites}
    return {**words, **rest, "options": _items([])}


def _items(values: list[Any]) -> dict[str, Any]:
    """A list of blocks."""
    rows = {
        str(n): {"deleted": "", "order": str(n), "id": "", "value": value}
        for n, value in enumerate(values)
    }
    return {"count": str(len(values)), **rows}
