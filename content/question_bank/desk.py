"""``/cms/questions/``: the bank, one question, a lesson's questions, and what waits for a look."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from content.desk_reports import question_reports
from content.models import LessonPage, LessonQuestion, Question
from content.models.page_state import lock_page
from content.models.question_checks import confirm_questions, looks_of
from content.question_bank import lessons, rights
from content.question_bank.beside import beside
from content.question_bank.forms import QuestionForm, shown_as
from content.question_bank.keeping import add_question, change_question
from content.question_wording import KINDS
from content.units import units_of
from studyhub.core.characters import one_line
from studyhub.core.errors import StudyhubError
from studyhub.core.numbers import whole_number

ICON = "help"
A_PAGE, MOST_OFFERED = 50, 30


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """The bank, newest first, by words, kind and category."""
    rights.refuse_unless(rights.may_read(request.user))
    found = asked_for(request).with_uses().order_by("-pk")
    context = {
        "found": Paginator(found, A_PAGE).get_page(request.GET.get("p")),
        "any": Question.objects.exists(),
        "kinds": KINDS.items(),
        "categories": _categories(),
        "asked": request.GET,
        "narrowed": any(request.GET.get(name) for name in ("q", "kind", "category", "state")),
        "may_write": rights.may_write(request.user),
        "due": due_for(request.user).count(),
        "reports": question_reports(request.user),
    }
    return page_of(request, "list", "题库", context)


def asked_for(request: HttpRequest) -> Any:
    """Questions of the bank by the words, kind, category and state that the address names."""
    found = Question.objects.all()
    if words := one_line(request.GET.get("q", "")).strip()[:80]:
        found = found.found_by(words)
    for name in ("kind", "category", "state"):
        if value := one_line(request.GET.get(name, "")):
            found = found.filter(**{name: value[:40]})
    return found


def _categories() -> list[str]:
    rows = Question.objects.exclude(category="").order_by("category")
    return list(rows.values_list("category", flat=True).distinct())


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    rights.refuse_unless(rights.may_write(request.user))
    initial = {"kind": "single", "state": "in_use"}
    form = QuestionForm(request.POST or None, initial=initial, user=request.user)
    if form.is_valid():
        try:
            question = add_question(form.wording(), request.user)
        except StudyhubError as error:
            form.add_error(None, error.detail)
        else:
            _keep_labels(question, form)
            messages.success(request, f"题目存进了题库，编号 {question.pk}。")
            return redirect("questions:list")
    return page_of(request, "edit", "写一题", {"form": form}, bad=bool(form.errors))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, question_id: int) -> HttpResponse:
    """One question: its wording, all its versions, and the lessons in which copies stand."""
    question = get_object_or_404(Question, pk=question_id)
    rights.refuse_unless(rights.may_read(request.user))
    may_write = rights.may_write(request.user)
    form = QuestionForm(request.POST or None, initial=shown_as(question), user=request.user)
    if request.method == "POST":
        rights.refuse_unless(may_write)
        if form.is_valid() and _changed(request, question, form):
            return redirect("questions:edit", question.pk)
    uses = lessons.uses_of(question)
    context = {
        "form": form if may_write else None,
        "question": question,
        "versions": question.versions.select_related("by").order_by("-number"),
        "uses": uses,
        "beside": beside((use.page.translation_key, use.item) for use in uses),
    }
    return page_of(request, "edit", f"第 {question.pk} 题", context, bad=bool(form.errors))


def _changed(request: HttpRequest, question: Question, form: QuestionForm) -> bool:
    seen = form.cleaned_data["seen"] or question.newest
    try:
        changed = change_question(question.pk, form.wording(), request.user, seen=seen)
    except StudyhubError as error:
        form.add_error(None, error.detail)
        return False
    _keep_labels(changed, form)
    words = f"存好了，现在是第 {changed.newest} 版。课里的题没有动。"
    messages.success(request, words if changed.newest > seen else "存好了，题目没有新的一版。")
    return True


def _keep_labels(question: Question, form: QuestionForm) -> None:
    """Category and state are of the question, not of a version."""
    question.category, question.state = form.cleaned_data["category"], form.cleaned_data["state"]
    question.save(update_fields=["category", "state"])


@require_http_methods(["GET", "POST"])
def lesson(request: HttpRequest, page_id: int) -> HttpResponse:
    """One lesson's draft: copies from the bank, newer versions, questions into the bank."""
    page = rights.lesson_to_edit(request.user, page_id)
    rights.refuse_unless(rights.may_read(request.user))
    problem = ""
    if request.method == "POST":
        try:
            _do(request, page)
            return redirect("questions:lesson", page_id)
        except StudyhubError as error:
            problem = error.detail
    draft = page.get_latest_revision_as_object()
    copies = lessons.copies_in(draft)
    there = [copy.known.pk for copy in copies if copy.known]
    offered = asked_for(request).filter(state=Question.State.IN_USE).exclude(pk__in=there)
    context = {
        "page": draft,
        "copies": copies,
        "newer": sum(copy.newer is not None for copy in copies),
        "own": sum(copy.known is None for copy in copies),
        "offered": offered[:MOST_OFFERED],
        "more": max(0, offered.count() - MOST_OFFERED),
        "asked": request.GET,
        "may_write": rights.may_write(request.user),
        "reports": question_reports(request.user, draft.translation_key),
        "problem": problem,
    }
    return page_of(request, "lesson", f"题目：{draft.title}", context, bad=bool(problem))


def _do(request: HttpRequest, page: LessonPage) -> None:
    act = request.POST.get("act")
    items = request.POST.getlist("item")
    if act == "take":
        chosen = Question.objects.filter(pk__in=_numbers(request), state=Question.State.IN_USE)
        count = lessons.take_into(page, list(chosen.order_by("pk")), request.user)
        messages.success(request, f"{count} 题放进了草稿的自测。请逐题选“出自哪一小节”再送审。")
    elif act == "renew":
        count = lessons.renew_copies(page, items, request.user)
        messages.success(request, f"{count} 题换成了题库里的新版，要重新审核。")
    elif act == "store" and rights.may_write(request.user):
        count, refused = lessons.store_questions(page, items, request.user)
        messages.success(request, f"{count} 题收进了题库。")
        for words in refused:
            messages.warning(request, words)


def _numbers(request: HttpRequest) -> list[int]:
    found = (whole_number(text) for text in request.POST.getlist("question"))
    return [number for number in found if number is not None]


def due_for(user: Any) -> QuerySet[LessonQuestion]:
    """待复核 in lessons in which this person may write, or which they may review."""
    rows = LessonQuestion.objects.filter(is_due=True).select_related("page")
    return rights.among_ones_own(user, rows)


@require_http_methods(["GET", "POST"])
def due(request: HttpRequest) -> HttpResponse:
    """待复核: each question beside the section it cites, as both stand in the newest draft."""
    if request.method == "POST":
        _confirm(request)
        return redirect("questions:due")
    rows = due_for(request.user)
    waiting = [(page, _beside(page, rows)) for page in _pages_of(rows)]
    return page_of(request, "due", "待复核的题", {"waiting": waiting})


def _pages_of(rows: QuerySet[LessonQuestion]) -> list[LessonPage]:
    return list(LessonPage.objects.filter(pk__in=rows.values("page")).order_by("title"))


def _beside(page: LessonPage, rows: QuerySet[LessonQuestion]) -> list[tuple[Any, ...]]:
    """Row, question, section, and the look that the form sends along."""
    draft = page.get_latest_revision_as_object()
    copies = {copy.item: copy for copy in lessons.copies_in(draft)}
    units = {unit.id: unit for unit in units_of(draft)}
    own, looks = rows.filter(page=page).order_by("number"), looks_of(draft)
    return [
        (row, copies.get(row.item), units.get(row.section), looks.get(row.item, "")) for row in own
    ]


def _confirm(request: HttpRequest) -> None:
    page = get_object_or_404(LessonPage, pk=whole_number(request.POST.get("page", "")) or 0)
    rights.refuse_unless(rights.may_look_again(request.user, page))
    lock_page(page.pk)
    page.refresh_from_db()
    draft = page.get_latest_revision_as_object()
    ticks = (tick.partition(" ") for tick in request.POST.getlist("item"))
    count, changed = confirm_questions(draft, {item: look for item, _, look in ticks})
    if count or not changed:
        messages.success(request, f"《{draft.title}》{count} 题复核过了。")
    if changed:
        numbers = "、".join(map(str, changed))
        words = f"第 {numbers} 题或它的小节刚刚又改过，没有记成复核过。请再看一遍。"
        messages.warning(request, f"《{draft.title}》{words}")


def page_of(
    request: HttpRequest, name: str, title: str, context: dict[str, Any], *, bad: bool = False
) -> HttpResponse:
    shared = {"header_title": title, "page_title": title, "header_icon": ICON}
    template = f"content/questions/{name}.html"
    return render(request, template, {**shared, **context}, status=422 if bad else 200)
