"""The Excel file of 台账统计: a sheet for each table, the rows those of the screen."""

from studyhub.core.spreadsheets import add_rows, start_sheet, xlsx_bytes
from studyhub.people.ledger_reports import LedgerReport

WIDTHS = {"A": 40, "B": 10, "C": 16, "D": 12}


def ledger_workbook(report: LedgerReport) -> bytes:
    """An .xlsx; its first sheet says of which day and what the words mean."""
    from openpyxl.styles import Font  # see core.spreadsheets

    book, notes = start_sheet("说明")
    add_rows(notes, ([line] for line in report.notes))
    notes.column_dimensions["A"].width = 80
    for table in report.tables:
        sheet = book.create_sheet(table.title)
        add_rows(sheet, [table.head, *table.rows])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column, width in WIDTHS.items():
            sheet.column_dimensions[column].width = width
        sheet.freeze_panes = "B2"
    return xlsx_bytes(book)
