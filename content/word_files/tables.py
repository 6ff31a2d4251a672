"""The shape of a table before anything is made of it: how wide, how long, whether it is one."""

from collections.abc import Iterator
from dataclasses import dataclass

from content.word_files.packages import Node, W, local, number, value

MOST_COLUMNS, MOST_ROWS, MOST_SPAN = 8, 60, 63
_CONTAINERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"})
_PICTURES = ("{*}blip", "{*}imagedata", "{*}chart", "{*}relIds", f"{W}tbl", "{*}txbxContent")


@dataclass(frozen=True)
class Cell:
    node: Node
    span: int


@dataclass(frozen=True)
class Row:
    node: Node
    before: int
    cells: tuple[Cell, ...]

    @property
    def width(self) -> int:
        return self.before + sum(cell.span for cell in self.cells)


@dataclass(frozen=True)
class Shape:
    rows: tuple[Row, ...]
    holds_more: bool  # pictures or tables

    @property
    def is_layout(self) -> bool:
        """A frame around text, or a place for pictures."""
        return self.holds_more or max((len(row.cells) for row in self.rows), default=0) <= 1

    @property
    def fits(self) -> bool:
        width = max((row.width for row in self.rows), default=0)
        return len(self.rows) <= MOST_ROWS and width <= MOST_COLUMNS


def shape_of(table: Node) -> Shape:
    nodes = list(_below(table, "tr"))
    # Of one that is too long anyhow, the first rows tell what it is.
    rows = tuple(map(_row, nodes[: MOST_ROWS + 1]))
    holds_more = any(one is not table for one in table.iter(*_PICTURES))
    return Shape(rows, holds_more)


def _row(node: Node) -> Row:
    before = number(value(node.find(f"{W}trPr/{W}gridBefore")))
    cells = tuple(Cell(cell, _span(cell)) for cell in _below(node, "tc"))
    return Row(node, min(max(0, before), MOST_SPAN), cells)


def _span(cell: Node) -> int:
    span = number(value(cell.find(f"{W}tcPr/{W}gridSpan")), 1)
    return min(max(1, span), MOST_SPAN)


def _below(node: Node, name: str) -> Iterator[Node]:
    """The rows of a table or cells of a row, also inside what only wraps them."""
    for child in node:
        if local(child) == name:
            yield child
        elif local(child) in _CONTAINERS:
            yield from _below(child, name)
