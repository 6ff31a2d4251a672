"""花名册 at the desk: a file is uploaded, looked through, and taken in with a second press."""

from collections.abc import Mapping
from math import ceil
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST

from studyhub.core.clock import today
from studyhub.core.errors import StudyhubError
from studyhub.core.hints import give_hint
from studyhub.core.models import Heartbeat
from studyhub.core.sheets.reading import MOST_BYTES
from studyhub.core.spreadsheets import XLSX
from studyhub.people.access import keeps_ledger
from studyhub.people.desk import for_branch_keepers
from studyhub.people.desk.members import page_number
from studyhub.people.models import RosterExport, RosterUpload
from studyhub.people.roster.columns import Column, Head
from studyhub.people.roster.comparison import Comparison
from studyhub.people.roster.export import export_roster
from studyhub.people.roster.layouts import assign_columns
from studyhub.people.roster.lines import LABELS, WHO, Status
from studyhub.people.roster.taking import ask_to_take, progress_of
from studyhub.people.roster.uploads import (
    allow_missing,
    choose,
    head_of,
    keep_upload,
    look_through,
    undo_upload,
    what_hinders,
)
from studyhub.people.sessions import BY_ITSELF
from studyhub.people.tasks import take_in_roster

ASSIGNABLE = [column for column in Column if column not in WHO]
PER_PAGE = 100  # lines
SHOWN = 20  # uploads in the list
ASK_AGAIN = 2  # seconds


@require_http_methods(["GET", "POST"])
@for_branch_keepers
def rosters(request: HttpRequest) -> HttpResponse:
    """The form for a file, and what was uploaded before."""
    problem = ""
    if request.method == "POST":
        try:
            return _kept(request)
        except StudyhubError as error:
            problem = error.detail
    context = {
        "problem": problem,
        "uploads": _uploads(request).select_related("uploaded_by")[:SHOWN],
        "exports": _exports(request).select_related("exported_by")[:SHOWN],
        "header_title": "花名册",
        "page_title": "花名册",
        "header_icon": "table",
    }
    return render(request, "people/rosters.html", context, status=422 if problem else 200)


def _uploads(request: HttpRequest) -> QuerySet[RosterUpload]:
    """One's own; who keeps the whole ledger sees everybody's."""
    if keeps_ledger(request.user):
        return RosterUpload.objects.all()
    return RosterUpload.objects.filter(uploaded_by=request.user.pk)


def _exports(request: HttpRequest) -> QuerySet[RosterExport]:
    if keeps_ledger(request.user):
        return RosterExport.objects.all()
    return RosterExport.objects.filter(exported_by=request.user.pk)


@require_POST
@for_branch_keepers
def export(request: HttpRequest) -> HttpResponse:
    """The ledger as a roster, to take along; a POST, because it is noted who did."""
    try:
        book = export_roster(on=today(), by=request.user)  # type: ignore[arg-type]
    except StudyhubError as problem:
        messages.error(request, problem.detail)
        return redirect("rosters:rosters")
    response = HttpResponse(book, content_type=XLSX)
    name = f"流动党员花名册-{today():%Y%m%d}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _kept(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    data = file.read(MOST_BYTES + 1) if file else b""
    upload = keep_upload(
        file.name if file and file.name else "花名册",
        data,
        by=request.user,  # type: ignore[arg-type]  # the guard let in no stranger
    )
    return redirect("rosters:roster", upload.public_id)


@require_http_methods(["GET", "POST"])
@for_branch_keepers
def roster(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Line by line what would change; nothing has. A press allows to make what is missing."""
    upload = get_object_or_404(_uploads(request), public_id=public_id)
    if upload.is_being_taken:
        return _waiting(request, upload)
    if upload.taken_in_at:
        return _taken(request, upload)
    try:
        if request.method == "POST":
            _told(request, upload)
            page = page_number(request.POST.get("p", ""))
            return redirect(f"{reverse('rosters:roster', args=[public_id])}?p={page}")
        compared = look_through(upload, on=today(), by=request.user)  # type: ignore[arg-type]
    except StudyhubError as gone:
        messages.warning(request, gone.detail)
        return redirect("rosters:rosters")
    context = _context(upload, compared, page_number(request.GET.get("p", "")))
    return render(request, "people/roster.html", context)


def _waiting(request: HttpRequest, upload: RosterUpload) -> HttpResponse:
    """How far the worker is; the page asks again by itself, without a script."""
    context = {
        "upload": upload,
        "progress": progress_of(upload),
        "nobody_works": not Heartbeat.is_alive("worker"),
        **_titled(upload),
    }
    response = render(request, "people/roster_waiting.html", context)
    response["Refresh"] = f"{ASK_AGAIN}; url={request.path}?{BY_ITSELF}"
    return response


def _taken(request: HttpRequest, upload: RosterUpload) -> HttpResponse:
    """What became of it; what was not clear is shown once more, with what to do."""
    context = {"upload": upload, "words": _counted(upload), **_titled(upload)}
    return render(request, "people/roster_taken.html", context)


def _titled(upload: RosterUpload) -> dict[str, str]:
    return {"header_title": upload.name, "page_title": upload.name, "header_icon": "table"}


def _told(request: HttpRequest, upload: RosterUpload) -> None:
    """That what is missing may be made, or what columns are."""
    if "columns" in request.POST:
        user: Any = request.user
        strange = head_of(upload, by=user).strange
        said = [request.POST.get(f"column-{place}", "") for place in range(len(strange))]
        columns = {column.value: column for column in ASSIGNABLE}
        assign_columns({n: columns.get(c, "") for n, c in zip(strange, said, strict=True)}, by=user)
    elif "choices" in request.POST:
        _choose(request, upload)
    else:
        allow_missing(upload)


def _choose(request: HttpRequest, upload: RosterUpload) -> None:
    """The ticks and choices of the lines that were on the page, and of no others."""
    said = request.POST
    ticked = set(said.getlist("row"))
    left_out = {int(row): row not in ticked for row in _rows(said.get("ticks", ""))}
    who = {int(row): said.get(f"who-{row}", "") for row in _rows(said.get("asked", ""))}
    choose(upload, left_out=left_out, who=who)


def _rows(said: str) -> list[str]:
    rows = said.split(",")[: 2 * PER_PAGE]
    return [row for row in rows if row.isdecimal() and len(row) < 9]


@require_POST
@for_branch_keepers
def take(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks a worker to take in what is clear; a second press changes nothing."""
    user: Any = request.user
    upload = get_object_or_404(_uploads(request), public_id=public_id)
    try:
        if "choices" in request.POST and not (upload.is_being_taken or upload.taken_in_at):
            _choose(request, upload)
        if ask_to_take(upload, by=user):
            give_hint(take_in_roster.delay, str(upload.public_id))
    except StudyhubError as problem:
        messages.error(request, problem.detail)
        return redirect("rosters:rosters")
    return redirect("rosters:roster", public_id)


@require_http_methods(["GET", "POST"])
@for_branch_keepers
def undo(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What taking back would do, or why it cannot be; a second press does it."""
    user: Any = request.user
    upload = get_object_or_404(_uploads(request), public_id=public_id)
    if upload.taken_in_at is None:
        return redirect("rosters:rosters")
    if request.method == "POST":
        try:
            undo_upload(upload, on=today(), by=user)
        except StudyhubError as hindered:
            messages.error(request, hindered.detail)
        else:
            messages.success(request, f"“{upload.name}”这次导入撤销了。")
        return redirect("rosters:rosters")
    context = {
        "upload": upload,
        "hindered": what_hinders(upload, by=user),
        "header_title": "撤销导入",
        "page_title": "撤销导入",
        "header_icon": "table",
    }
    return render(request, "people/roster_undo.html", context)


def _context(upload: RosterUpload, compared: Comparison, page: int) -> dict[str, Any]:
    order = (Status.REFUSED, Status.UNCLEAR, Status.CHANGED, Status.NEW)
    lines = [line for status in order for line in compared.of(status)]
    pages = max(1, ceil(len(lines) / PER_PAGE))
    page = min(page, pages)
    lines = lines[(page - 1) * PER_PAGE : page * PER_PAGE]
    return {
        "upload": upload,
        "compared": compared,
        "words": _in_words(compared),
        "strange": list(compared.head.strange.items()),
        "assignable": [one for one in ASSIGNABLE if _is_free(one, compared.head)],
        "lines": lines,
        "ticks": ",".join(str(line.row) for line in lines if line.takes),
        "asked": ",".join(str(line.row) for line in lines if line.candidates),
        "page": page,
        "pages": pages,
        "takes": len(compared.to_take(Status.NEW, Status.CHANGED)),
        "stays": len(compared.of(Status.UNCLEAR, Status.REFUSED)),
        **_titled(upload),
    }


def _is_free(column: Column, head: Head) -> bool:
    return column not in head.places or column in head.assigned.values()


def _in_words(compared: Comparison) -> str:
    counts = {str(status): count for status, count in compared.counts().items()}
    return _words_of(counts | {"left_out": compared.left_out})


def _counted(upload: RosterUpload) -> str:
    return _words_of(upload.counts)


def _words_of(counts: Mapping[str, int]) -> str:
    words = [f"{LABELS[status]} {counts.get(str(status), 0)}" for status in Status]
    left_out = counts.get("left_out", 0)
    return "，".join([*words, *([f"没有勾选 {left_out}"] if left_out else [])])
