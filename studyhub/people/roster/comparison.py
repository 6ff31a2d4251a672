"""What taking a roster in would change, line by line, without changing anything."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from studyhub.core.sheets.reading import Sheet
from studyhub.people.access import branches_kept_by, keeps_ledger, members_kept_whole_by
from studyhub.people.groups import obstacle
from studyhub.people.models import Member, User
from studyhub.people.models.members import mask_phone
from studyhub.people.places import Place
from studyhub.people.roster.columns import Column, Head, find_head
from studyhub.people.roster.layouts import assigned_by
from studyhub.people.roster.ledger import PLACES, Known, Ledger, Meant, known_by_key, name_of_tie
from studyhub.people.roster.lines import WHO, Change, Line, Status, Value, read_lines
from studyhub.people.roster.values import is_key, organisation_key

# The same whatever is not theirs, so that it tells nothing of it.
NOT_KEPT = "这一行牵涉到您管理范围以外的人或党组织，没有写，请交上一级组织部导入"


@dataclass(frozen=True)
class Chosen:
    """What whoever imports said of single lines, by row: left out; of a name that several have,
    the 台账编号 of who is meant, or ``NEW``."""

    left_out: Collection[int] = ()
    who: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    sheet: Sheet
    head: Head
    lines: list[Line]
    missing: list[str]  # organisations and groups that the ledger does not have
    done: Mapping[str, Any] = field(default_factory=dict)  # when taken in: what undoes it

    def of(self, *statuses: Status) -> list[Line]:
        return [line for line in self.lines if line.status in statuses]

    def to_take(self, *statuses: Status) -> list[Line]:
        """The same without those that were left out."""
        return [line for line in self.of(*statuses) if not line.left_out]

    @property
    def left_out(self) -> int:
        return sum(line.left_out for line in self.lines)

    def counts(self) -> dict[Status, int]:
        found = Counter(line.status for line in self.lines if not line.left_out)
        return {status: found[status] for status in Status}


def compare(
    sheet: Sheet,
    *,
    on: date,
    create_missing: bool,
    by: User | None = None,
    chosen: Chosen | None = None,
) -> Comparison:
    """Raises Invalid where there is no head to read by.

    What ``by`` does not keep of the ledger is refused; without anybody, nothing is.

    With ``create_missing`` organisations the ledger does not have are no obstacle.
    """
    head = find_head(sheet.rows, assigned_by(by))
    by_key = _by_key(sheet, head, on, by)
    said = {key: known.exported() for key, known in by_key.items()}
    read = list(read_lines(head, sheet.rows, on=on, said=said))
    ledger = Ledger.about([line.found for line in read if line.clear], on, by_key)
    chosen = chosen or Chosen()
    compared = [_compared(line, ledger, on, create_missing, chosen) for line in read]
    compared = [_with_one_place(line, ledger) for line in compared]
    compared = _kept(compared, ledger, by, create_missing) if by else compared
    compared = [_left(line, chosen) for line in compared]
    return Comparison(sheet, head, list(_apart(compared)), _missing(compared, ledger))


def _left(line: Line, chosen: Chosen) -> Line:
    """Only what would be taken can be left out."""
    return replace(line, left_out=line.takes and line.row in chosen.left_out)


def _by_key(sheet: Sheet, head: Head, on: date, by: User | None) -> dict[str, Known]:
    """Who came from our own export, of those whose lines are the caller's."""
    place = head.places.get(Column.KEY)
    if place is None:
        return {}
    keys = {row[place] for row in sheet.rows[head.number :] if place < len(row)}
    among = members_kept_whole_by(by) if by else Member.objects.entries()
    return known_by_key(filter(is_key, keys), among, on)


def _with_one_place(line: Line, ledger: Ledger) -> Line:
    """A host is another branch than the home; who has left is not brought back by a list."""
    if not line.clear:
        return line
    if line.member and line.member.ended_on:
        words = f"这个人 {line.member.ended_on:%Y-%m-%d} 已经离开名册，要恢复请在“党员”里撤销"
        return _marked(line, Status.REFUSED, words)
    home = line.found.get(Column.HOME) or (line.member and ledger.home_of(line.member)) or ""
    host = line.found.get(Column.HOST)
    if host and organisation_key(str(home)) == organisation_key(str(host)):
        words = "流入地和所在党组织写成了同一个，没有去别处的请把流入地空着"
        return _marked(line, Status.REFUSED, words)
    return line


def _kept(lines: Sequence[Line], ledger: Ledger, by: User, create: bool) -> list[Line]:
    """Nobody and nothing that is not the caller's to keep."""
    if keeps_ledger(by):
        return [*lines]
    own = set(branches_kept_by(by).values_list("pk", flat=True))
    members = {line.member.pk for line in lines if line.member}
    members |= {one.member.pk for line in lines for one in line.candidates}
    kept = members_kept_whole_by(by).filter(pk__in=members)
    mine = set(kept.values_list("pk", flat=True))
    return [
        line
        if _is_kept(line, ledger, own, mine, create)
        else replace(_marked(line, Status.REFUSED, NOT_KEPT), candidates=())
        for line in lines
    ]


def _is_kept(line: Line, ledger: Ledger, own: set[int], mine: set[int], create: bool) -> bool:
    """A doubt about who is meant may be about somebody of another tree: it is not told either."""
    theirs = line.member is None or line.member.pk in mine
    theirs = theirs and all(one.member.pk in mine for one in line.candidates)
    missing = not create and bool(ledger.missing(line.found))
    doubt = line.status is Status.UNCLEAR and not missing and not line.candidates
    return theirs and not doubt and ledger.branches_of(line.found) <= own


def _missing(lines: Sequence[Line], ledger: Ledger) -> list[str]:
    """Each once, in its first spelling."""
    names: dict[str, str] = {}
    wanted = (line for line in lines if not line.left_out)
    for name in (name for line in wanted for name in ledger.missing(line.found)):
        names.setdefault(organisation_key(name), name)
    return list(names.values())


def _compared(line: Line, ledger: Ledger, on: date, create_missing: bool, chosen: Chosen) -> Line:
    if not line.clear:
        return line
    meant = _meant(line, ledger)
    choice = chosen.who.get(line.row, "")
    line = replace(line, candidates=meant.candidates, choice=choice)
    meant = meant.chosen(choice)
    known = meant.known
    if not known and not meant.doubt:
        line = _with_home_above(line)
    if not create_missing and (names := ledger.missing(line.found)):
        words = f"台账里没有“{names[0]}”，请先建好，或检查名称"
        return _marked(line, Status.UNCLEAR, words)
    if meant.doubt:
        return _marked(line, Status.UNCLEAR, meant.doubt)
    if known is None:
        return line if Column.HOME in line.found else _without_home(line)
    if _has_nowhere_to_study(known, line, ledger):
        words = "小组要建在所在党组织下面，台账里这个人还没有党组织，请写上"
        return _marked(line, Status.REFUSED, words)
    return _against(known, line, on)


def _meant(line: Line, ledger: Ledger) -> Meant:
    """A home from above tells who is meant, but makes no second person of somebody elsewhere."""
    if line.above:
        meant = ledger.person({**line.found, Column.HOME: line.above})
        if meant.known or meant.doubt:
            return meant
    return ledger.person(line.found)


def _with_home_above(line: Line) -> Line:
    if not line.above:
        return line
    words = f"所在党组织空着，按上一行记在“{line.above}”"
    return replace(line, found={**line.found, Column.HOME: line.above}, words=words)


def _without_home(line: Line) -> Line:
    return _marked(line, Status.REFUSED, "台账里没有这个人，请写上所在党组织，才知道记在哪里")


def _has_nowhere_to_study(known: Known, line: Line, ledger: Ledger) -> bool:
    """A group that would be made, and no home to make it under."""
    if known.shown[Column.HOME] or Column.HOME in line.found:
        return False
    return bool(ledger.missing({c: v for c, v in line.found.items() if c is Column.GROUP}))


def _against(known: Known, line: Line, on: date) -> Line:
    """What of the ledger the line would change, or why it cannot be changed on this day."""
    line = replace(line, member=known.member)
    changes = list(_changes(known, line.found))
    if words := next(filter(None, (_obstacle(known, change, on) for change in changes)), ""):
        return _marked(line, Status.REFUSED, words)
    status = Status.CHANGED if changes else Status.UNCHANGED
    return replace(line, status=status, changes=changes)


def _obstacle(known: Known, change: Change, on: date) -> str:
    if change.column not in PLACES:
        return ""
    key = organisation_key(change.new)
    others = [tie for tie in known.ties[change.column] if organisation_key(name_of_tie(tie)) != key]
    return obstacle(others, on)


def _changes(known: Known, found: Mapping[Column, Value]) -> Iterator[Change]:
    """A blank cell says nothing, and takes nothing away."""
    for column, value in found.items():
        old, new = known.shown[column], shown(column, value)
        if column in WHO or known.same(column, new):
            continue
        if column is Column.PHONE:
            old, new = mask_phone(old), mask_phone(new)
        yield Change(column, old, new)


def shown(column: Column, value: Value) -> str:
    """As people read it."""
    if isinstance(value, Place):
        return value.name
    return Member.Trade(str(value)).label if column is Column.TRADE else str(value)


def _apart(lines: Sequence[Line]) -> Iterator[Line]:
    """Two lines that may be about one person: the later is not taken, or it would win unseen."""
    first: dict[Any, Line] = {}
    for line in lines:
        keys = _keys(line) if line.clear and not line.left_out else []
        status, words = _clash(line, [first[key] for key in keys if key in first])
        if words:
            yield _marked(line, status, words)
            continue
        for key in keys:
            first.setdefault(key, line)
        yield line


def _keys(line: Line) -> list[Any]:
    """What two lines about one person have in common, one or the other."""
    phone = line.found.get(Column.PHONE)
    keys: list[Any] = [(Column.PHONE, phone)] if phone else []
    if line.member:
        return [*keys, line.member.pk]
    return [*keys, (line.name, organisation_key(str(line.found[Column.HOME])))]


def _clash(line: Line, others: Sequence[Line]) -> tuple[Status, str]:
    phone = line.found.get(Column.PHONE)
    for other in others:
        theirs = other.found.get(Column.PHONE)
        if line.name == other.name and (line.member or phone == theirs):
            return Status.REFUSED, f"和第 {other.row} 行是同一个人，请删去一行"
        if phone == theirs:
            return Status.UNCLEAR, f"手机号和第 {other.row} 行的另一个人一样，请核对"
        if not (phone and theirs):
            words = f"和第 {other.row} 行同名，分不清是不是同一个人，请两行都写上手机号，或删去一行"
            return Status.UNCLEAR, words
    return line.status, ""


def _marked(line: Line, status: Status, words: str) -> Line:
    return replace(line, status=status, words=words, above="", changes=())
