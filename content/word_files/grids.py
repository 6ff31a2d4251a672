"""A table of HTML as rows of equal length."""

from collections.abc import Callable
from typing import Any

from content.word_files.items import Grid, Item, Missing
from content.word_files.losses import Losses, size
from content.word_files.packages import number
from content.word_files.tables import MOST_COLUMNS, MOST_ROWS, MOST_SPAN

Text = Callable[[Any], str]
LONGEST_KEPT = 2_000  # characters of a table that are kept as text in its gap


class Grids:
    """``text_of`` reads what stands in a cell."""

    def __init__(self, text_of: Text, losses: Losses) -> None:
        self._text_of = text_of
        self._losses = losses

    def read(self, table: Any) -> list[Item] | None:
        """None for a table that only arranges what stands in it."""
        rows = [row for row in table.iter("tr") if _table_of(row) is table]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        if max(map(len, cells), default=0) <= 1 or _holds_more(table):
            return None
        if len(rows) > MOST_ROWS or max(map(_width, cells)) > MOST_COLUMNS:
            return [self._kept(cells)]
        caption = " ".join(self._text_of(one) for one in table.iter("caption"))
        grid = self._grid(cells, caption, has_header=_has_header(rows))
        return [self._form(grid) if grid.is_form else grid]

    def _kept(self, cells: list[list[Any]]) -> Item:
        text = "\n".join(" ".join(map(self._text_of, row)) for row in cells)
        return self._missing("table", text)

    def _missing(self, kind: str, text: str) -> Missing:
        if len(text) <= LONGEST_KEPT:
            return Missing(kind, text=text)
        self._losses.drop("表格太大（超过 8 列或 60 行）", text)
        return Missing(kind)

    def _form(self, grid: Grid) -> Missing:
        self._losses.change("像要填写的表格（没有做成表格）")
        return self._missing("form", grid.text)

    def _grid(self, cells: list[list[Any]], caption: str, *, has_header: bool) -> Grid:
        rows: list[dict[int, str]] = [{} for _ in cells]
        repeated = 0
        for place, row in enumerate(cells):
            column = 0
            for cell in row:
                while column in rows[place]:
                    column += 1
                repeated += self._put(cell, rows, place, column)
                column += _span(cell, "colspan")
        width = max((max(row, default=-1) for row in rows), default=-1) + 1
        if repeated:
            self._losses.change("合并单元格（每格重复一遍）", repeated)
        filled = tuple(tuple(row.get(n, "") for n in range(width)) for row in rows)
        return Grid(filled, has_header, repeated, caption)

    def _put(self, cell: Any, rows: list[dict[int, str]], place: int, column: int) -> int:
        """How often the cell's words are repeated."""
        text = self._text_of(cell)
        places = [
            (row, across)
            for row in range(place, min(len(rows), place + _span(cell, "rowspan")))
            for across in range(column, column + _span(cell, "colspan"))
        ]
        free = [(row, across) for row, across in places if across not in rows[row]]
        for row, across in free:
            rows[row][across] = text
        self._losses.added += size(text) * (len(free) - 1)
        return len(free) - 1


def _table_of(row: Any) -> Any:
    return next(row.iterancestors("table"), None)


def _holds_more(table: Any) -> bool:
    return any(one is not table for one in table.iter("table", "img"))


def _span(cell: Any, name: str) -> int:
    return min(max(1, number(str(cell.get(name) or "1"), 1)), MOST_SPAN)


def _width(cells: list[Any]) -> int:
    return sum(_span(cell, "colspan") for cell in cells)


def _has_header(rows: list[Any]) -> bool:
    """The first row is said to be one, or is bold all over."""
    first = rows[0]
    if first.getparent().tag == "thead" or all(cell.tag == "th" for cell in first):
        return True
    cells = [cell for cell in first if cell.text_content().strip()]
    bold = [cell for cell in cells if next(cell.iter("strong", "b"), None) is not None]
    return len(rows) > 1 and bool(cells) and len(bold) == len(cells)
