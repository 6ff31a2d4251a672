"""Handing in a lesson by form, and what came of it. Complete without a script."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from content import catalogue
from studyhub.core.errors import Invalid, NotFound
from studyhub.learning.plans import next_lesson
from studyhub.learning.progress import missing_of, progress_of
from studyhub.learning.quizzes import Grade, grade
from studyhub.people import access
from studyhub.people.models import Member
from studyhub.web.lesson_forms import LessonForm
from studyhub.web.private import not_found, page, private
from studyhub.web.same_origin import proves_same_origin


@dataclass(frozen=True)
class GradedAnswer:
    """One question with the answer that was given, in words; ``number`` from 1."""

    number: int
    question: catalogue.Question
    given: str
    right: bool


# Lesson pages are the same bytes for everybody and hold no token: a form that cannot prove where it
# comes from is shown again with one, and stored only from there.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def study(request: HttpRequest, lesson_key: UUID) -> HttpResponse:
    """Takes a lesson's form, or shows where the reader stands with the lesson."""
    try:
        if request.method != "POST":
            return study_record(request, lesson_key)
        form = LessonForm.of(lesson_key, request.POST)
        member = access.member_of(request.user) if proves_same_origin(request) else None
        return _result(request, form, member)
    except NotFound as problem:
        return not_found(request, problem)


@require_POST
def confirm(request: HttpRequest, lesson_key: UUID) -> HttpResponse:
    """The same form again, this time with a token; whoever was signed out meanwhile signs in."""
    try:
        form = LessonForm.of(lesson_key, request.POST)
    except NotFound as problem:
        return not_found(request, problem)
    return _result(request, form, access.member_of(request.user))


@private
def study_record(request: HttpRequest, lesson_key: UUID) -> HttpResponse:
    """Where the reader stands with one lesson."""
    member = access.member_of(request.user)
    if member is None:
        return redirect("/me/")
    outline = catalogue.outline(lesson_key)
    context = {"card": catalogue.lesson(lesson_key), "outline": outline}
    return page(request, "web/study_record.html", {**context, **_standing(member, outline)})


def _result(request: HttpRequest, form: LessonForm, member: Member | None) -> HttpResponse:
    outline = form.outline
    context: dict[str, object] = {
        "card": catalogue.lesson(outline.lesson_key),
        "outline": outline,
        "handed": form,
        "fields": list(form.fields()),
        "signed_in": request.user.is_authenticated,
        "has_member": access.member_of(request.user) is not None,
    }
    quiz = form.quiz
    if quiz and form.answers:
        result = grade(quiz, form.answers)
        context |= {"grade": result, "marked": graded_answers(quiz, form.answers, result)}
    if member:
        try:
            form.store(member)
            context["stored"] = True
        except Invalid as problem:
            context["refused"] = problem.detail
        context |= _standing(member, outline)
    return page(request, "web/study_result.html", context)


def graded_answers(
    quiz: catalogue.Quiz, answers: Mapping[str, catalogue.Answer], result: Grade
) -> list[GradedAnswer]:
    """The questions in their order, each with what was answered."""
    return [
        GradedAnswer(number, q, _in_words(q, answers.get(q.id)), result.right[q.id])
        for number, q in enumerate(quiz.questions, start=1)
    ]


def _in_words(question: catalogue.Question, answer: catalogue.Answer | None) -> str:
    if answer is None:
        return "没有作答"
    if isinstance(answer, bool):
        return "对" if answer else "错"
    texts = {option.id: option.text for option in question.options}
    given = answer if isinstance(answer, list) else [answer]
    return "、".join(texts.get(value, value) for value in given)


def _standing(member: Member, outline: catalogue.Outline) -> dict[str, object]:
    """Progress with the lesson, what it still needs, and what to study next."""
    key = outline.lesson_key
    progress = progress_of(member, [key])[key]
    return {
        "progress": progress,
        "missing": missing_of(catalogue.outline(key), progress),
        "following": next_lesson(member, key),
    }


def store_carried(request: HttpRequest) -> str | None:
    """Store the form that a sign-in carried; the path of the page that says what came of it.

    None where it carried none.
    """
    form = LessonForm.carried(request.POST)
    if form is None:
        return None
    member = access.member_of(request.user)
    path = f"/study/{form.outline.lesson_key}/"
    if member is None:
        messages.warning(request, "这个账号没有对应的党员，刚才的内容没有存。请换党员自己的账号。")
        return "/me/"
    try:
        form.store(member)
        messages.success(request, "刚才交的已经存上了。")
    except Invalid as problem:
        messages.error(request, problem.detail)
    return path
