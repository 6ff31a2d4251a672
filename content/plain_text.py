"""A lesson as plain text: to paste where nothing but text is taken."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

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
    Route,
    SelfCheck,
    Sound,
    Sources,
    Steps,
    Table,
)


def plain_text(elements: Iterable[Element]) -> str:
    """Block after block with a blank line between them; sound and film are left out."""
    blocks = groupby(elements, key=lambda element: element.block)
    parts = (_lines_of(same_block) for _, same_block in blocks)
    return "\n\n".join("\n".join(lines) for lines in parts if lines)


def _lines_of(elements: Iterable[Element]) -> list[str]:
    return [line for element in elements for line in _LINES[type(element)](element) if line]


def _paragraph(element: Paragraph) -> list[str]:
    return [f"{element.label}：{element.text}" if element.label else element.text]


def _list(element: List) -> Iterator[str]:
    return _items(element, "")


def _items(element: List, indent: str) -> Iterator[str]:
    for number, item in enumerate(element.items, start=1):
        yield f"{indent}{f'{number}.' if element.ordered else '·'} {item.text}"
        yield from _inner(item, indent)


def _inner(item: Item, indent: str) -> Iterator[str]:
    return _items(item.inner, indent + "　") if item.inner else iter(())


def _figure(element: Figure) -> list[str]:
    return [f"（插图：{element.caption or element.alt}，来源：{element.source}）"]


def _table(element: Table) -> list[str]:
    """Row by row; each cell says which column it is of where the columns have names."""
    rows = [_row(element.header, row) for row in element.rows]
    return [element.title, *(f"· {row}" for row in rows)]


def _row(header: tuple[str, ...], row: tuple[str, ...]) -> str:
    names = header or ("",) * len(row)
    cells = (f"{name}：{cell}" if name else cell for name, cell in zip(names, row, strict=False))
    return "；".join(filter(None, cells))


def _steps(element: Steps) -> list[str]:
    return [element.title, *(f"· {item.date}：{item.text}" for item in element.items)]


def _route(element: Route) -> list[str]:
    stops = (
        f"· {stop.name}{f'（{stop.when}）' if stop.when else ''}{stop.text}"
        for stop in element.stops
    )
    return [element.title, *stops, element.note]


def _aside(element: Aside) -> list[str]:
    subtitle = f"（{element.subtitle}）" if element.subtitle else ""
    return [f"{element.title}{subtitle}", *_lines_of(element.elements)]


def _sources(element: Sources) -> list[str]:
    return ["资料来源", *(f"{n}. {item}" for n, item in enumerate(element.items, start=1))]


# The self-check is answered on the page; sound and film are heard and seen there.
DROPPED: tuple[type[Element], ...] = (SelfCheck, Sound, Film)
_LINES: dict[type[Element], Callable[[Any], Iterable[str]]] = {
    **dict.fromkeys(DROPPED, lambda e: []),
    Heading: lambda e: [f"【{e.text}】"],
    Paragraph: _paragraph,
    List: _list,
    Figure: _figure,
    Table: _table,
    Steps: _steps,
    Quotation: lambda e: [f"“{e.text}”——{e.credit}"],
    Route: _route,
    Aside: _aside,
    Sources: _sources,
}
