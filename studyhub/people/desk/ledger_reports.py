"""台账统计 at the desk: the tables, and the same rows as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from studyhub.core.spreadsheets import XLSX
from studyhub.people.desk import for_branch_keepers
from studyhub.people.ledger_reports import ledger_report
from studyhub.people.ledger_reports_xlsx import ledger_workbook


@require_safe
@for_branch_keepers
def reports(request: HttpRequest) -> HttpResponse:
    """How many are on the ledger today; no names."""
    context = {
        "report": ledger_report(request.user),
        "header_title": "台账统计",
        "page_title": "台账统计",
        "header_icon": "list-ul",
    }
    return render(request, "people/ledger_reports.html", context)


@require_safe
@for_branch_keepers
def workbook(request: HttpRequest) -> HttpResponse:
    """The same rows as a file to take along."""
    report = ledger_report(request.user)
    response = HttpResponse(ledger_workbook(report), content_type=XLSX)
    name = f"台账统计-{report.day:%Y%m%d}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
