"""The ledger out as the office's own roster; what comes back unchanged changes nothing."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import transaction

from studyhub.core.spreadsheets import add_rows, start_sheet, xlsx_bytes
from studyhub.people.access import members_kept_whole_by, note_views
from studyhub.people.models import RosterExport, User
from studyhub.people.roster.columns import NUMBER, Column
from studyhub.people.roster.layouts import Heading, headings_of
from studyhub.people.roster.ledger import Known, known

LOOK = "导出花名册"
WIDE = {Column.HOME, Column.HOST, Column.GROUP, Column.PLACE}
WIDTHS = {NUMBER: 6, Column.KEY: 12} | dict.fromkeys(WIDE, 26)
WIDTH = 15


@transaction.atomic
def export_roster(*, on: date, by: User) -> bytes:
    """An .xlsx of all who are on the ledger and whose lines ``by`` keeps, in name order.

    Numbers stand in it whole; it is noted who took it, and every member reads of it.
    """
    headings = headings_of(by)
    people = known(members_kept_whole_by(by).filter(ended_on=None).by_name(), on)
    RosterExport.objects.create(exported_by=by, people=len(people))
    note_views(by, [one.member for one in people], LOOK)
    return _workbook(headings, people)


def _workbook(headings: Sequence[Heading], people: Sequence[Known]) -> bytes:
    from openpyxl.utils import get_column_letter  # see core.spreadsheets

    book, sheet = start_sheet("流动党员花名册")
    for number, (_, what) in enumerate(headings, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(what, WIDTH)
    add_rows(sheet, [[name for name, _ in headings], *_rows(headings, people)])
    sheet.freeze_panes = "A2"
    return xlsx_bytes(book)


def _rows(headings: Sequence[Heading], people: Sequence[Known]) -> Iterator[list[object]]:
    for number, one in enumerate(people, start=1):
        said: dict[str, str] = {column.value: text for column, text in one.shown.items()}
        yield [said.get(what, number) for _, what in headings]
