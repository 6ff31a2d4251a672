"""The lines of a roster: who stands in which row, each cell understood or refused in words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from studyhub.people.models import Member
from studyhub.people.places import Place
from studyhub.people.roster import values
from studyhub.people.roster.columns import Column, Head, is_head_name
from studyhub.people.roster.ledger import Known

Value = str | date | Place
Cells = Mapping[Column, str]
Said = Mapping[str, Cells]  # what our export says of somebody, by 台账编号
READERS: dict[Column, Any] = {
    Column.NAME: values.name_of,
    Column.PHONE: values.phone_of,
    Column.HOME: values.organisation_of,
    Column.HOST: values.organisation_of,
    Column.GROUP: values.organisation_of,
    Column.PLACE: values.place_of,
    Column.TRADE: values.trade_of,
    Column.LEFT_ON: values.day_of,
    Column.RETURN_MONTH: values.month_of,
    Column.KEY: values.key_of,
}
WHO = (Column.NAME, Column.KEY)
FOOT = (
    *("合计", "总计", "小计", "共计", "填表", "填报", "制表", "审核", "负责人"),
    *("说明", "备注", "注：", "注:"),
)


class Status(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    UNCLEAR = "unclear"
    REFUSED = "refused"


LABELS = {
    Status.NEW: "新增",
    Status.CHANGED: "变更",
    Status.UNCHANGED: "没有变化",
    Status.UNCLEAR: "要核对",
    Status.REFUSED: "有错",
}


@dataclass(frozen=True)
class Change:
    """One cell: what the ledger says and what the roster says, both as people read it."""

    column: Column
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """One person of the roster; ``row`` counted from 1 as the office's program counts.

    Where the home is left blank, ``above`` is that of the person before: it helps to tell who is
    meant, and is the home of somebody new. Nobody on the ledger is moved by it.
    """

    row: int
    name: str
    status: Status
    words: str = ""  # what is amiss and what to do, or what was taken from above
    found: Mapping[Column, Value] = field(default_factory=dict)
    above: str = ""
    changes: Sequence[Change] = ()
    member: Member | None = None
    candidates: Sequence[Known] = ()  # who may be meant, if not somebody new
    choice: str = ""  # which of them, as whoever imports said
    left_out: bool = False  # by whoever imports

    @property
    def label(self) -> str:
        return LABELS[self.status]

    @property
    def takes(self) -> bool:
        """Whether it would change the ledger, unless it is left out."""
        return self.status in (Status.NEW, Status.CHANGED)

    @property
    def clear(self) -> bool:
        return self.status not in (Status.REFUSED, Status.UNCLEAR)


def read_lines(
    head: Head, rows: Sequence[Sequence[str]], *, on: date, said: Said | None = None
) -> Iterator[Line]:
    """One for each row with a person, or with cells that nobody's name goes with.

    A cell that stands as our export wrote it needs no understanding: it changes nothing.
    """
    above: Cells = {}
    for number, row in enumerate(rows[head.row + 1 :], start=head.row + 2):
        cells = {c: row[p].strip() if p < len(row) else "" for c, p in head.places.items()}
        if not cells[Column.NAME]:
            if not _is_note(row):
                yield _refused(number, "", "没有写姓名，请补上；姓名是公式的，请改成文字")
        elif cells.get(Column.KEY) or _is_somebody(cells[Column.NAME]):
            cells = {column: _filled(column, cell, above) for column, cell in cells.items()}
            home = above.get(Column.HOME, "")
            exported = (said or {}).get(cells.get(Column.KEY, ""), {})
            yield _read(number, cells, home, on, exported)
            above = cells | {Column.HOME: cells.get(Column.HOME) or home}


def _is_note(row: Sequence[str]) -> bool:
    """Titles, signatures, sums, numbers put down in advance."""
    filled = [cell for cell in row if cell.strip()]
    return len(filled) < 2 or _is_foot(filled[0])


def _is_somebody(name: str) -> bool:
    return not _is_foot(name) and not is_head_name(name)


def _is_foot(cell: str) -> bool:
    return re.sub(r"\s+", "", cell).startswith(FOOT)


def _filled(column: Column, cell: str, above: Cells) -> str:
    return above.get(column, "") if values.is_as_above(cell) else cell


def _read(row: int, cells: Cells, above: str, on: date, exported: Cells) -> Line:
    found: dict[Column, Value] = {}
    for column, cell in cells.items():
        if exported.get(column) == cell:
            found |= {column: cell} if column in WHO else {}
            continue
        if not cell or values.is_nothing(cell):
            continue
        try:
            found[column] = READERS[column](cell)
        except ValueError as error:
            return _refused(row, cells[Column.NAME][:40], f"“{column.label}”这一格：{error}")
    if Column.NAME not in found:
        return _refused(row, "", "没有写姓名，请补上")
    name = str(found[Column.NAME])
    if _is_after(found.get(Column.LEFT_ON), on):
        return _refused(row, name, f"“{Column.LEFT_ON.label}”这一格：这一天还没有到，请检查日期")
    above = "" if cells.get(Column.HOME) or cells.get(Column.KEY) else _home_above(above)
    return Line(row, name, Status.NEW, found=found, above=above)


def _is_after(day: Value | None, on: date) -> bool:
    return isinstance(day, date) and day > on


def _home_above(cell: str) -> str:
    """Nothing where the cell above says nothing, or was refused there."""
    try:
        return "" if values.is_nothing(cell) else values.organisation_of(cell)
    except ValueError:
        return ""


def _refused(row: int, name: str, words: str) -> Line:
    return Line(row, name, Status.REFUSED, words)
