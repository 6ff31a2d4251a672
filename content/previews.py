"""What a draft would look like in each of its forms: the list of forms, which apps above add to.

Each is made by the code that makes the real thing, of what stands in the editor, and is kept
nowhere.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = logging.getLogger(__name__)
PAGE = ""  # Wagtail's name of the first mode
SIZES = [
    {"name": "phone", "icon": "mobile-alt", "device_width": 360, "label": "手机（360 像素）"},
    {"name": "tablet", "icon": "tablet-alt", "device_width": 768, "label": "平板"},
    {"name": "desktop", "icon": "desktop", "device_width": 1280, "label": "电脑"},
]
Maker = Callable[[HttpRequest, Any], HttpResponse]


@dataclass(frozen=True)
class Preview:
    """One form. ``order`` is its place in the list; ``make`` is given the lesson as it is typed."""

    name: str
    label: str
    order: int
    make: Maker


_previews: list[Preview] = []
_sources: list[Callable[[], Iterable[Preview]]] = []


def add_preview(name: str, label: str, order: int) -> Callable[[Maker], Maker]:
    """Decorates what makes this form of a lesson."""

    def keep(make: Maker) -> Maker:
        _previews.append(Preview(name, label, order, make))
        return make

    return keep


def add_previews(source: Callable[[], Iterable[Preview]]) -> None:
    """Forms that are known only by asking: once, when the first draft is looked at."""
    _sources.append(source)


@cache
def _known() -> dict[str, Preview]:
    found = [*_previews, *(one for source in _sources for one in source())]
    return {one.name: one for one in sorted(found, key=lambda one: one.order)}


def modes() -> list[tuple[str, str]]:
    """Names and labels; the page itself first."""
    return [(PAGE, "网页"), *((one.name, one.label) for one in _known().values())]


def serve(request: HttpRequest, page: Any, name: str) -> HttpResponse:
    """The draft in this form; what cannot be made is said in words. Nobody may keep the answer."""
    known = _known().get(name)
    try:
        answer = known.make(request, page) if known else page.preview_as_page(request)
        if hasattr(answer, "render"):
            answer.render()
    except Exception:
        logger.exception("The form %s of the draft %s cannot be shown", name, page.pk)
        answer = in_frame(request, "", trouble=True)
    answer["Cache-Control"] = "private, no-store"
    return answer


def in_frame(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A form that is no page of the site, below a line that says what it is."""
    return render(request, "content/preview.html", {"inner": template, **context})
