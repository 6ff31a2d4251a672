"""How an office writes its roster: remembered once, for the next file and for the export."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from studyhub.core.errors import Conflict
from studyhub.core.sheets.reading import Sheet
from studyhub.people.access import branches_kept_by
from studyhub.people.models import Branch, RosterLayout, User
from studyhub.people.roster.columns import NUMBER, Assigned, Column, Head

Heading = tuple[str, str]  # as the office calls it; the column it is, or ``NUMBER``
OWN: Sequence[Heading] = [(NUMBER, NUMBER), *((column.label, column.value) for column in Column)]


def office_of(by: User | None) -> Branch:
    """The topmost branch whose ledger ``by`` keeps; without anybody, that of all.

    Raises Conflict ``no_root`` before the first set-up.
    """
    kept = branches_kept_by(by) if by else Branch.objects.order_by("path")
    office = kept.first()
    if office is None:
        raise Conflict("no_root", "还没有党组织，请先执行 manage.py setup。")
    return office


def headings_of(by: User) -> list[Heading]:
    """The office's own columns in its order, then what else the ledger says."""
    layout = RosterLayout.objects.filter(branch=office_of(by)).first()
    own = [(name, what) for name, what in layout.headings] if layout else []
    if not own:
        return list(OWN)
    known = {what for _, what in own}
    return own + [(name, what) for name, what in OWN if what not in {*known, NUMBER}]


def assigned_by(by: User | None) -> dict[str, Assigned]:
    """What the office of ``by`` said columns are, by their names."""
    layout = RosterLayout.objects.filter(branch=office_of(by)).first()
    said = layout.assigned if layout else {}
    return {name: Column(column) if column else "" for name, column in said.items()}  # type: ignore[call-arg]


@transaction.atomic
def assign_columns(said: Mapping[str, Assigned], *, by: User | None) -> None:
    """From now on the office's columns of these names are what is said; None forgets it."""
    layout, _ = RosterLayout.objects.get_or_create(branch=office_of(by))
    layout = RosterLayout.objects.select_for_update().get(pk=layout.pk)
    named = layout.assigned | said
    layout.assigned = {name: column for name, column in named.items() if column is not None}
    layout.save(update_fields=["assigned"])


def note_headings(sheet: Sheet, head: Head, *, by: User | None) -> None:
    """The columns of a roster just taken in are the office's from now on."""
    names = sheet.rows[head.row]
    places = {place: column.value for column, place in head.places.items()}
    found = {
        place: (name, places.get(place, NUMBER))
        for place, name in enumerate(names)
        if place in places or name == NUMBER
    }
    RosterLayout.objects.update_or_create(
        branch=office_of(by), defaults={"headings": [found[place] for place in sorted(found)]}
    )
