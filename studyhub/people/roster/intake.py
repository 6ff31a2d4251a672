"""A compared roster taken into the ledger, whole or not at all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from studyhub.core.errors import Conflict
from studyhub.core.sheets.reading import Sheet
from studyhub.people import groups
from studyhub.people.changes import BRANCHES, GROUPS, note_entries, version_of
from studyhub.people.entries import change_details
from studyhub.people.locks import lock_member
from studyhub.people.models import (
    Branch,
    BranchMembership,
    LedgerChange,
    Member,
    StudyGroup,
    User,
)
from studyhub.people.roster.columns import Column
from studyhub.people.roster.comparison import Chosen, Comparison, compare
from studyhub.people.roster.layouts import note_headings, office_of
from studyhub.people.roster.ledger import Places, by_key, read_places
from studyhub.people.roster.lines import Line, Status
from studyhub.people.roster.undo import as_it_stands
from studyhub.people.roster.values import organisation_key

HOME, HOST = BranchMembership.Kind.HOME, BranchMembership.Kind.HOST


Tell = Callable[[int, int], None]  # how many lines are done, and of how many


def tell_nobody(done: int, lines: int) -> None:
    """For who does not wait."""


@transaction.atomic
def take_in(
    sheet: Sheet,
    *,
    on: date,
    create_missing: bool,
    by: User | None = None,
    chosen: Chosen | None = None,
    tell: Tell = tell_nobody,
) -> Comparison:
    """Takes in what is new or changed; what is unclear or refused stays out, and what was left out.
    Ties begin ``on``.

    ``by`` is whose act it is, and whose part of the ledger; without, all of it. Compared anew under
    a lock, so that two who press at once enter nobody twice. Raises Invalid as ``compare`` does,
    Conflict ``no_root`` before the first set-up.
    """
    list(Branch.objects.select_for_update().filter(depth=1).order_by("path"))
    office, seen = office_of(by), _last_change()
    compared = compare(sheet, on=on, create_missing=create_missing, by=by, chosen=chosen)
    taken = compared.to_take(Status.NEW, Status.CHANGED)
    _make_branches(office, taken)
    _make_groups(taken, on)
    places = read_places()
    entered = _enter(compared.to_take(Status.NEW), places, on, by)
    before: dict[str, Any] = {}
    amended: dict[int, Line] = {}
    for line in sorted(compared.lines, key=_turn):
        tell(len(amended), len(compared.lines))
        amended[line.row] = _amended(line, places, on, by, before, seen)
    note_headings(sheet, compared.head, by=by)
    done = {"entered": [one.pk for one in entered], "changed": before, "last": _last_change()}
    return replace(compared, lines=[amended[line.row] for line in compared.lines], done=done)


def _last_change() -> int:
    return LedgerChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _turn(line: Line) -> int:
    """Members are locked in the order in which merging and undoing do: nobody waits in a circle."""
    return line.member.pk if line.member else 0


def _make_branches(root: Branch, lines: Iterable[Line]) -> None:
    """New organisations below the root of what the caller keeps."""
    known = set(by_key(Branch.objects.filter(ended_on=None)))
    names = [line.found.get(column) for line in lines for column in (Column.HOME, Column.HOST)]
    for name in (str(name) for name in names if name):
        if organisation_key(name) not in known:
            known.add(organisation_key(name))
            root.refresh_from_db()
            root.add_child(name=name, kind=Branch.Kind.BRANCH)


def _make_groups(lines: Iterable[Line], on: date) -> None:
    """New groups under the home of whoever is first in them."""
    places = read_places()
    have = set(places[Column.GROUP])
    for line in lines:
        name = str(line.found.get(Column.GROUP, ""))
        if name and organisation_key(name) not in have:
            have.add(organisation_key(name))
            StudyGroup.objects.create(name=name, branch=_home_of(line, places, on))


def _home_of(line: Line, places: Places, on: date) -> Branch:
    if Column.HOME in line.found:
        home: Branch = _named(line, Column.HOME, places)
        return home
    return BranchMembership.objects.in_force(on).get(member=line.member, kind=HOME).branch


def _named(line: Line, column: Column, places: Places) -> Any:
    """The one that the line names; the comparison saw to it that there is no second."""
    return places[column][organisation_key(str(line.found[column]))][0]


def _enter(lines: Sequence[Line], places: Places, on: date, by: User | None) -> list[Member]:
    members = Member.objects.bulk_create([Member(**_columns(line.found)) for line in lines])
    for column, kind in ((Column.HOME, HOME), (Column.HOST, HOST)):
        groups.enter_branches(_pairs(lines, members, column, places), kind=kind, on=on)
    groups.enter_groups(_pairs(lines, members, Column.GROUP, places), on=on)
    note_entries(members, lambda place: _shown_ties(lines[place], places, on), by=by)
    return members


def _shown_ties(line: Line, places: Places, on: date) -> dict[str, str]:
    labels = {Column.HOME: BRANCHES[HOME], Column.HOST: BRANCHES[HOST], Column.GROUP: GROUPS}
    return {
        label: f"{_named(line, column, places).name}（{on:%Y-%m-%d} 起）"
        for column, label in labels.items()
        if column in line.found
    }


def _pairs(
    lines: Sequence[Line], members: Sequence[Member], column: Column, places: Places
) -> list[tuple[Member, Any]]:
    return [
        (member, _named(line, column, places))
        for line, member in zip(lines, members, strict=True)
        if column in line.found
    ]


def _columns(found: Mapping[Column, Any]) -> dict[str, Any]:
    """What stands in the member's own row."""
    plain = {
        "name": Column.NAME,
        "phone": Column.PHONE,
        "trade": Column.TRADE,
        "left_on": Column.LEFT_ON,
        "return_month": Column.RETURN_MONTH,
    }
    row = {name: found[column] for name, column in plain.items() if column in found}
    if place := found.get(Column.PLACE):
        row |= {"host_place_code": place.code, "host_place_name": place.name}
    return row | {"confirmed_at": timezone.now()}


def _amended(
    line: Line, places: Places, on: date, by: User | None, before: dict[str, Any], seen: int
) -> Line:
    """The line as it is now: a tie that cannot begin today keeps all of its line out, and so does
    a change of the ledger after ``seen``, which the comparison did not know.

    How the member stood goes to ``before``.
    """
    if line.status is not Status.CHANGED or line.member is None or line.left_out:
        return line
    try:
        with lock_member(line.member):
            _refuse_overtaken(line.member, seen)
            stood = as_it_stands(line.member)
            _amend(line.member, line, places, on, by)
    except Conflict as conflict:
        return replace(line, status=Status.REFUSED, words=conflict.detail)
    before[str(line.member.pk)] = stood
    return line


def _refuse_overtaken(member: Member, seen: int) -> None:
    if version_of(member) > seen:
        words = "刚才有人改过台账里的这个人，没有写，请看看台账，还要改的再导入一次"
        raise Conflict("newer", words)


def _amend(member: Member, line: Line, places: Places, on: date, by: User | None) -> None:
    """Only the cells that differ are written."""
    changed = {change.column for change in line.changes}
    change_details(member, _columns({column: line.found[column] for column in changed}), by=by)
    for column, kind in ((Column.HOME, HOME), (Column.HOST, HOST)):
        if column in changed:
            branch = _named(line, column, places)
            groups.move_branch(member=member, branch=branch, kind=kind, on=on, by=by)
    if Column.GROUP in changed:
        group = _named(line, Column.GROUP, places)
        groups.move_group(member=member, group=group, on=on, by=by)
