"""Files at the desk: what one would change, then the press; and the way out.

Between the two the rows travel with the page, signed; their pictures are kept for a day at most.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from content.models import QuestionUpload
from content.question_bank import rights
from content.question_bank.desk import asked_for, page_of
from content.question_bank.export import export_questions, sample_file
from content.question_bank.file_pictures import small_picture
from content.question_bank.gift import gift_text
from content.question_bank.reading import MOST_ROWS, read_questions
from content.question_bank.taking import (
    WORDS,
    Act,
    Verdict,
    judge,
    rows_from_json,
    rows_to_json,
    take_in,
)
from studyhub.core.errors import Invalid, StudyhubError
from studyhub.core.sheets.reading import MOST_BYTES
from studyhub.core.spreadsheets import XLSX
from studyhub.core.transactions import writes_by_itself

SALT, VALID_FOR = "question-rows", 24 * 3600  # seconds
MOST_SHOWN, MOST_NAMED = 300, 10
GIFT = "text/plain; charset=utf-8"
MOST_SENT = 2_000_000  # characters; a form may be little longer


@writes_by_itself
@require_http_methods(["GET", "POST"])
def import_questions(request: HttpRequest) -> HttpResponse:
    """What is refused is said above the form; nothing is written before somebody has seen it."""
    rights.refuse_unless(rights.may_write(request.user))
    try:
        if request.POST.get("rows"):
            return _take(request)
        if request.method == "POST":
            return _look(request)
    except StudyhubError as error:
        return _page(request, {"problem": error.detail}, bad=True)
    return _page(request, {})


def _look(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("no_file", "还没有选文件。请先选一个 .xlsx 或 .docx 文件。")
    found = read_questions(file.read(MOST_BYTES + 1))
    if not found.rows:
        raise Invalid("no_rows", "列名下面没有题。请写好题再导入。")
    verdicts = judge(found.rows)
    taken = [one.row for one in verdicts if one.act is not Act.REFUSED]
    by = request.user
    stored = {"by": by.pk, "rows": rows_to_json(taken)}
    rows = signing.dumps(stored, salt=SALT, compress=True)
    if len(rows) > MOST_SENT:
        raise Invalid("sheet_too_large", "文件里的字太多，请分成几个文件再导入。")
    QuestionUpload.keep({one.digest: found.pictures[one.digest] for one in taken if one.digest}, by)
    context = {
        **_told(verdicts, found.pictures),
        "notes": found.notes,
        "rows": rows,
        "useful": any(one.act in (Act.NEW, Act.CHANGED) for one in verdicts),
    }
    return _page(request, context)


def _told(verdicts: list[Verdict], pictures: Mapping[str, bytes]) -> dict[str, Any]:
    """Refused rows first: those are to be put right. Each with its picture, small."""
    counts = Counter(one.act for one in verdicts)
    ordered = sorted(verdicts, key=lambda one: one.act is not Act.REFUSED)
    shown = ordered[:MOST_SHOWN]
    return {
        "verdicts": [(one, small_picture(pictures.get(one.row.digest))) for one in shown],
        "more": max(0, len(ordered) - MOST_SHOWN),
        "counts": [(WORDS[act], counts[act]) for act in Act if counts[act]],
    }


def _take(request: HttpRequest) -> HttpResponse:
    rows, by = _rows(request), request.user
    pictures = QuestionUpload.of({one.digest for one in rows if one.digest}, by)
    verdicts = take_in(rows, by, pictures)
    QuestionUpload.objects.filter(by=by.pk, digest__in=pictures).delete()
    counts = Counter(one.act for one in verdicts)
    told = "，".join(f"{WORDS[act]} {counts[act]}" for act in Act if counts[act])
    messages.success(request, f"导入好了：{told}。")
    refused = [one for one in verdicts if one.act is Act.REFUSED]
    for one in refused[:MOST_NAMED]:
        messages.warning(request, f"{one.row.place}没有导入：{one.why.rstrip('。')}。")
    return redirect("questions:list")


def _rows(request: HttpRequest) -> Any:
    try:
        stored = signing.loads(request.POST["rows"], salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        stored = {}
    if stored.get("by") != request.user.pk:
        raise Invalid("rows_too_old", "这一页放得太久了，什么也没有导入。请重新选一次文件。")
    return rows_from_json(stored["rows"])


def _page(request: HttpRequest, context: dict[str, Any], *, bad: bool = False) -> HttpResponse:
    return page_of(
        request, "import", "导入题目", {"most": MOST_ROWS, "problem": "", **context}, bad=bad
    )


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The bank, or what of it is asked for; who may read it may take it along."""
    rights.refuse_unless(rights.may_read(request.user))
    try:
        return _file(export_questions(asked_for(request)), "questions.xlsx")
    except StudyhubError as error:
        messages.error(request, error.detail)
        return redirect("questions:list")


@require_safe
def gift(request: HttpRequest) -> HttpResponse:
    """As ``export``, for Moodle."""
    rights.refuse_unless(rights.may_read(request.user))
    return _file(gift_text(asked_for(request)).encode(), "questions.gift.txt", GIFT)


@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    rights.refuse_unless(rights.may_read(request.user))
    return _file(sample_file(), "questions-sample.xlsx")


def _file(data: bytes, name: str, kind: str = XLSX) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
