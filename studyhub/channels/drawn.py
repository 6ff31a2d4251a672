"""What of a lesson becomes a drawing in a post, told in plain values that are frozen with it."""

import dataclasses
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings

from content.catalogue import LessonCard
from content.document import Document
from content.elements import Aside, Element, Stop
from studyhub.channels import pencil
from studyhub.channels.ports import Form, Look, Picture, Post

Drawings = dict[str, Mapping[str, Any]]
CARD_WORDS = "长按识别二维码，打开课程页：可以听、可以自测，读到哪里都记得。"


def with_drawings(document: Document, form: Form, look: Look) -> tuple[Document, Drawings]:
    """The elements that are drawn know the name of their drawing as their block."""
    drawings: Drawings = {}

    def named(element: Element) -> Element:
        if isinstance(element, Aside):
            return replace(element, elements=tuple(map(named, element.elements)))
        if element.kind not in form.drawn:
            return element
        name = _next_name(drawings)
        told = dataclasses.asdict(element)
        drawings[name] = {**told, "kind": element.kind, "colour": form.colour_of(look)}
        return replace(element, block=name)

    elements = tuple(map(named, document.elements)) if form.drawn else document.elements
    return Document(elements), drawings


def add_card(drawings: Drawings, lesson: LessonCard, form: Form, look: Look) -> str:
    """Its name; empty where the account shows none. The address carries no mark of a delivery:
    the same card is uploaded once.
    """
    if not form.drawn or not look.card:
        return ""
    name = _next_name(drawings)
    url = lesson.url if "://" in lesson.url else f"{settings.PUBLIC_URL}{lesson.url}"
    told = {"title": lesson.title, "words": CARD_WORDS, "url": url}
    drawings[name] = {**told, "kind": "card", "colour": form.colour_of(look)}
    return name


def _next_name(drawings: Drawings) -> str:
    return f"drawn-{len(drawings) + 1}"


def picture_of(name: str, post: Post) -> Picture:
    """Drawn from what the post says alone: the same words give the same bytes."""
    told = post.drawings[name]
    if told["kind"] == "route":
        stops = [Stop(**stop) for stop in told["stops"]]
        data = pencil.route(stops, line=told["line"], colour=told["colour"])
    elif told["kind"] == "steps":
        items = [(item["date"], item["text"]) for item in told["items"]]
        data = pencil.steps(items, told["colour"])
    else:
        data = pencil.card(told["title"], told["words"], told["url"], told["colour"])
    return Picture(f"{name}.png", data)


def plain_cover(title: str) -> Picture:
    """For lessons without any picture: its title on the house's red with a line of gold."""
    return Picture("cover.jpg", pencil.cover(title))
