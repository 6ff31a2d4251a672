"""What a lesson says, as plain text by section: for the search and the voice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from content.document import Document
from content.elements import (
    Aside,
    Element,
    Figure,
    Film,
    Heading,
    Item,
    List,
    Paragraph,
    Quotation,
    Role,
    Route,
    SelfCheck,
    Sound,
    Sources,
    Steps,
    Table,
)


@dataclass(frozen=True)
class SectionText:
    """``text`` is one line: the paragraphs, then the words of what follows the section."""

    id: str
    heading: str
    text: str


def section_texts(document: Document) -> list[SectionText]:
    """Sections in reading order; what stands before the first belongs to the first."""
    return [
        SectionText(str(section.id), section.title, _one_line(section.elements))
        for section in document.whole_sections
    ]


def _one_line(elements: tuple[Element, ...]) -> str:
    words = (word for element in elements for word in _WORDS[type(element)](element))
    return " ".join(" ".join(words).split())


def _paragraph(element: Paragraph) -> list[str]:
    return [] if element.role in (Role.NOTE, Role.ANSWER) else [element.text]


def _list(element: List) -> Iterator[str]:
    return _items(element.items)


def _items(items: tuple[Item, ...]) -> Iterator[str]:
    for item in items:
        yield item.text
        yield from _items(item.inner.items if item.inner else ())


def _table(element: Table) -> list[str]:
    return [element.title, *element.header, *(cell for row in element.rows for cell in row)]


def _steps(element: Steps) -> list[str]:
    return [element.title, *(word for item in element.items for word in (item.date, item.text))]


def _route(element: Route) -> list[str]:
    return [
        element.title,
        *(w for stop in element.stops for w in (stop.name, stop.when, stop.text)),
    ]


def _aside(element: Aside) -> list[str]:
    return [element.title, element.subtitle, _one_line(element.elements)]


# Credits, sources and questions are not searched: nobody looks for a lesson by them.
_WORDS: dict[type[Element], Callable[[Any], Any]] = {
    Heading: lambda e: [e.text],
    Paragraph: _paragraph,
    List: _list,
    Figure: lambda e: [e.caption],
    Sound: lambda e: [e.title, e.transcript],
    Film: lambda e: [e.title, e.transcript],
    Table: _table,
    Steps: _steps,
    Quotation: lambda e: [e.text, e.speaker],
    Route: _route,
    Aside: _aside,
    SelfCheck: lambda e: [],
    Sources: lambda e: [],
}
