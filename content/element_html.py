"""Elements as HTML: one template for each kind, in a folder for each surface.

A surface that has no template of its own for a kind takes the plain one in ``elements/``, which
is also what feeds and the API send. Running text (paragraphs, lists) looks the same everywhere and
needs no template. Templates get ``element``, ``text`` (a paragraph's marks as HTML), ``inner``
(what stands inside an aside), ``file`` (its picture or recording) and, for a route, ``drawing``.
"""

from collections.abc import Iterable
from typing import Any

from django.template.loader import select_template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from content.drawing import draw_route
from content.elements import (
    Aside,
    Element,
    Figure,
    Film,
    List,
    Paragraph,
    Role,
    Route,
    Run,
    Runs,
    Sound,
)
from content.media import Media

PLAIN = "elements"
BREAK = mark_safe("<br>")


def elements_html(elements: Iterable[Element], media: Media, folder: str = PLAIN) -> SafeString:
    """In order, each on a line of its own."""
    html = (element_html(element, media, folder) for element in elements)
    return mark_safe("\n".join(html))


def element_html(element: Element, media: Media, folder: str = PLAIN) -> SafeString:
    if isinstance(element, Paragraph) and element.role is Role.TEXT and not element.label:
        return format_html("<p>{}</p>", runs_html(element.runs))
    if isinstance(element, List):
        return list_html(element)
    template = select_template([f"{folder}/{element.kind}.html", f"{PLAIN}/{element.kind}.html"])
    return mark_safe(template.render(_context_of(element, media, folder)).strip())


def _context_of(element: Element, media: Media, folder: str) -> dict[str, Any]:
    own: dict[str, Any] = {"element": element}
    if isinstance(element, Paragraph):
        own["text"] = runs_html(element.runs)
    elif isinstance(element, Figure):
        own["file"] = media.pictures.get(element.image_id)
    elif isinstance(element, Sound | Film):
        own["file"] = media.recordings.get(element.media_id)
    elif isinstance(element, Route):
        own["drawing"] = draw_route(element.stops, line=element.line)
    elif isinstance(element, Aside):
        own["inner"] = elements_html(element.elements, media, folder)
    return own


def runs_html(runs: Runs) -> SafeString:
    return mark_safe("".join(map(_run_html, runs)))


def _run_html(run: Run) -> SafeString:
    html = mark_safe(escape(run.text).replace("\n", BREAK))
    if run.bold:
        html = format_html("<b>{}</b>", html)
    return format_html('<a href="{}">{}</a>', run.href, html) if run.href else html


def list_html(element: List) -> SafeString:
    items = (
        (runs_html(item.runs), list_html(item.inner) if item.inner else "")
        for item in element.items
    )
    tag = mark_safe("ol" if element.ordered else "ul")
    return format_html("<{}>{}</{}>", tag, format_html_join("", "<li>{}{}</li>", items), tag)
