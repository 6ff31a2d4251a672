"""导入 Word at the desk: a file or a paste, a look at what becomes of it, and then the draft."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages as desk_messages
from wagtail.permission_policies.pages import PagePermissionPolicy

from content.blocks.text import GapBlock
from content.models import CoursePage, ImportReport, LessonPage, WordUpload
from content.word_files.blocks import without_marks
from content.word_files.converted import Converted
from content.word_files.door import MOST_BYTES
from content.word_files.drafts import make_draft
from content.word_files.headings import SHOWN_AS
from content.word_files.imported import ImportedText
from content.word_files.pasted import convert_paste
from content.word_files.pictures import MOST_PICTURE_BYTES, MOST_PICTURES
from content.word_files.process import convert_file
from content.word_files.report import KINDS, Report, first_words
from content.word_files.uploads import keep_upload, text_of
from studyhub.core.errors import Invalid, StudyhubError
from studyhub.core.transactions import writes_by_itself

LONGEST_SHOWN = 60  # blocks of a preview
PASTED_NAME = "粘贴的文字"


def may_import(user: Any) -> bool:
    """Asked with every page of the desk: who may add no page at all is known without a look."""
    adds = PagePermissionPolicy().user_has_permission(user, "add")
    return bool(adds and courses_of(user))


def courses_of(user: Any) -> list[CoursePage]:
    """Those under which this person may add lessons."""
    every = CoursePage.objects.order_by("path")
    return [one for one in every if one.permissions_for_user(user).can_add_subpage()]


@writes_by_itself
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The two ways in. What is refused is said above the form, and nothing is kept."""
    courses = courses_of(request.user)
    if not courses:
        raise PermissionDenied
    course = _chosen(request, courses)
    problem = ""
    if request.method == "POST":
        try:
            return _kept(request, course)
        except StudyhubError as error:
            problem = error.detail
    context = {
        **_heading("导入 Word"),
        "problem": problem,
        "courses": courses,
        "course": course,
        "lessons": _lessons_of(request, courses),
        "lesson": _values(request).get("lesson", ""),
    }
    return render(request, "content/word_start.html", context, status=422 if problem else 200)


def _values(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else request.GET


def _chosen(request: HttpRequest, courses: list[CoursePage]) -> CoursePage:
    wanted = _values(request).get("course", "")
    return next((one for one in courses if str(one.pk) == wanted), courses[0])


def _lessons_of(request: HttpRequest, courses: list[CoursePage]) -> list[LessonPage]:
    """Lessons that may be imported anew."""
    found = [one for course in courses for one in LessonPage.objects.child_of(course)]
    return [one for one in found if may_change(request.user, one)]


def may_change(user: Any, lesson: LessonPage) -> bool:
    tester = lesson.permissions_for_user(user)
    return bool(tester.can_edit()) and not tester.page_locked()


def _kept(request: HttpRequest, course: CoursePage) -> HttpResponse:
    lesson = _wanted_lesson(request)
    if lesson is not None:
        course = lesson.get_parent().specific
    converted, name = _converted(request)
    upload = keep_upload(converted, name, course, lesson, request.user)
    return redirect("word_files:preview", upload.pk)


def _wanted_lesson(request: HttpRequest) -> LessonPage | None:
    wanted = request.POST.get("lesson", "")
    if not wanted:
        return None
    lesson = LessonPage.objects.filter(pk=wanted).first() if wanted.isdecimal() else None
    if lesson is None or not may_change(request.user, lesson):
        raise Invalid(
            "word_lesson", "这一课不在了，或者您不能改它。请重新选一课，或者做成新的一课。"
        )
    return lesson


def _converted(request: HttpRequest) -> tuple[Converted, str]:
    if request.POST.get("way") == "paste":
        files = request.FILES.getlist("pictures")[:MOST_PICTURES]
        pictures = [file.read(MOST_PICTURE_BYTES + 1)[:MOST_PICTURE_BYTES] for file in files]
        return convert_paste(request.POST.get("html", ""), pictures), PASTED_NAME
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("word_no_file", "还没有选文件。请先选一个 .docx 文件。")
    return convert_file(file.read(MOST_BYTES + 1)), file.name or "稿子.docx"


@writes_by_itself
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """What would become of it, with the headings that are only proposed to be ticked."""
    upload = get_object_or_404(WordUpload, pk=upload_id, by=request.user.pk)
    course = _course_of(request, upload)
    text = text_of(upload)
    accepted = _accepted(request, text)
    if request.method == "POST" and "make" in request.POST:
        return _made(request, upload, course, text, accepted)
    built, report = text.build(accepted)
    context = {
        **_heading("导入 Word：看一看"),
        "upload": upload,
        "course": course,
        "title": built.title or upload.name,
        "certain": text.certain,
        "proposed": [
            {"one": one, "ticked": one.place in accepted, "kind": SHOWN_AS[one.kind]}
            for one in text.proposed
        ],
        "blocks": [_shown(block) for block in built.blocks[:LONGEST_SHOWN]],
        "more": max(0, len(built.blocks) - LONGEST_SHOWN),
        **_report_context(report),
    }
    return render(request, "content/word_preview.html", context)


def _course_of(request: HttpRequest, upload: WordUpload) -> CoursePage:
    """Raises PermissionDenied where the right was taken away meanwhile."""
    course: CoursePage = upload.course.specific
    if upload.lesson:
        allowed = may_change(request.user, upload.lesson.specific)
    else:
        allowed = course.permissions_for_user(request.user).can_add_subpage()
    if not allowed:
        raise PermissionDenied
    return course


def _accepted(request: HttpRequest, text: ImportedText) -> set[int]:
    if request.method != "POST":
        return text.usual_choice
    return {int(one) for one in request.POST.getlist("heading") if one.isdecimal()}


def _made(
    request: HttpRequest,
    upload: WordUpload,
    course: CoursePage,
    text: ImportedText,
    accepted: set[int],
) -> HttpResponse:
    lesson = upload.lesson.specific if upload.lesson else None
    report = make_draft(text, course, accepted=accepted, by=request.user, lesson=lesson)
    upload.delete()
    buttons = [
        desk_messages.button(reverse("word_files:report", args=[report.pk]), "看导入报告"),
    ]
    desk_messages.success(request, "草稿做好了，还没有发布。请逐块核对。", buttons=buttons)
    return redirect("wagtailadmin_pages:edit", report.page_id)


def _shown(block: dict[str, Any]) -> dict[str, Any]:
    value = block["value"]
    if block["type"] == "gap":
        value = {"text": value["words"] or dict(GapBlock.KINDS)[value["kind"]]}
    said = value.get("heading") or value.get("caption") or value.get("text") or ""
    if block["type"] == "table":
        said = value["cells"]["table_caption"] or "、".join(value["cells"]["data"][0])
    elif block["type"] in ("notes", "sources"):
        said = "；".join(one.get("title") or one["text"] for one in value["items"])
    return {
        "kind": KINDS[block["type"]],
        "is_section": block["type"] == "section",
        "is_gap": block["type"] == "gap",
        "words": first_words(without_marks(said)),
        "start": first_words(without_marks(value["text"])) if block["type"] == "section" else "",
    }


@require_GET
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Of a draft: for those who may edit its page."""
    stored = get_object_or_404(ImportReport.objects.select_related("page", "by"), pk=report_id)
    page = stored.page.specific
    if not page.permissions_for_user(request.user).can_edit():
        raise Http404
    context = {
        **_heading("导入报告"),
        "stored": stored,
        "page": page,
        **_report_context(Report.from_json(stored.data)),
    }
    return render(request, "content/word_report.html", context)


def _report_context(report: Report) -> dict[str, Any]:
    losses = report.losses
    return {
        "report": report,
        "changed": sorted(losses.changed.items()),
        "dropped": [
            {"one": one, "size": len("".join(one.text.split())), "first": first_words(one.text)}
            for one in losses.dropped
        ],
        "warnings": [*losses.warnings, *report.open_questions],
    }


def _heading(title: str) -> dict[str, str]:
    return {"header_title": title, "page_title": title, "header_icon": "doc-full"}
