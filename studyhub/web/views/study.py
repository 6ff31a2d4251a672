"""Handing in a lesson by form, and what came of it. Complete without a script."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from content import catalogue
from studyhub.core.errors import Invalid, NotFound
from studyhub.learning.plans import assigned_lessons
from studyhub.learning.progress import FINISHED, LessonProgress, progress_of
from studyhub.learning.quizzes import Grade, grade
from studyhub.people import access
from studyhub.people.models import Member
from studyhub.web.handing import Handed, proves_same_origin
from studyhub.web.private import not_found, page, private


@dataclass(frozen=True)
class Marked:
    """One question with the answer that was given, in words."""

    number: int
    question: catalogue.Question
    given: str
    right: bool


# Lesson pages are the same bytes for everybody and hold no token: a form that cannot prove where it
# comes from is shown again with one, and stored only from there.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def study(request: HttpRequest, lesson_key: UUID) -> HttpResponse:
    try:
        if request.method != "POST":
            return study_record(request, lesson_key)
        handed = Handed.of(lesson_key, request.POST)
        member = access.member_of(request.user) if proves_same_origin(request) else None
        return _result(request, handed, member)
    except NotFound as problem:
        return not_found(request, problem)


@require_POST
def confirm(request: HttpRequest, lesson_key: UUID) -> HttpResponse:
    """The same form again, this time with a token. Whoever was signed out meanwhile signs in."""
    try:
        handed = Handed.of(lesson_key, request.POST)
    except NotFound as problem:
        return not_found(request, problem)
    return _result(request, handed, access.member_of(request.user))


@private
def study_record(request: HttpRequest, lesson_key: UUID) -> HttpResponse:
    """Where the reader stands with one lesson."""
    member = access.member_of(request.user)
    if member is None:
        return redirect("/me/")
    outline = catalogue.outline(lesson_key)
    context = {"card": catalogue.lesson(lesson_key), "outline": outline}
    return page(request, "web/study_record.html", {**context, **_standing(member, outline)})


def _result(request: HttpRequest, handed: Handed, member: Member | None) -> HttpResponse:
    outline = handed.outline
    context: dict[str, object] = {
        "card": catalogue.lesson(outline.lesson_key),
        "outline": outline,
        "handed": handed,
        "fields": list(handed.fields()),
        "signed_in": request.user.is_authenticated,
        "has_member": access.member_of(request.user) is not None,
    }
    if outline.quiz and handed.answers:
        result = grade(outline.quiz, handed.answers)
        context |= {"grade": result, "marked": mark(outline.quiz, handed, result)}
    if member:
        try:
            handed.store(member)
            context["stored"] = True
        except Invalid as problem:
            context["refused"] = problem.detail
        context |= _standing(member, outline)
    response = page(request, "web/study_result.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def mark(quiz: catalogue.Quiz, handed: Handed, result: Grade) -> list[Marked]:
    return [
        Marked(number, q, _in_words(q, handed.answers.get(q.id)), result.right[q.id])
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
    current = catalogue.outline(key)
    progress = progress_of(member, [key])[key]
    return {
        "progress": progress,
        "missing": missing(current, progress),
        "following": following(member, key),
    }


def missing(outline: catalogue.Outline, progress: LessonProgress) -> dict[str, object]:
    """What the rule printed on the lesson still asks for; empty once it is finished."""
    if progress.status == FINISHED:
        return {}
    read = set(progress.sections_read)
    sections = [s for s in outline.sections if s.required and s.id not in read]
    quiz = outline.quiz
    found: dict[str, object] = {}
    if sections:
        found["sections"] = sections
    if quiz and quiz.required and not _passed(quiz, progress):
        found["quiz"] = quiz
    if not progress.declared:
        found["declared"] = True
    return found


def _passed(quiz: catalogue.Quiz, progress: LessonProgress) -> bool:
    return progress.quiz_best is not None and progress.quiz_best >= quiz.pass_mark


def following(member: Member, lesson_key: UUID) -> catalogue.LessonCard | None:
    """The next unfinished lesson of the plan, else the next one in study order."""
    for item in assigned_lessons(member):
        if item.card.lesson_key != lesson_key and item.progress.status != FINISHED:
            return item.card
    cards = catalogue.lessons()
    places = [n for n, card in enumerate(cards) if card.lesson_key == lesson_key]
    return cards[places[0] + 1] if places and places[0] + 1 < len(cards) else None


def store_carried(request: HttpRequest) -> str | None:
    """After a sign-in: store the form it carried; the path of the page that tells what came of
    it."""
    handed = Handed.carried(request.POST)
    if handed is None:
        return None
    member = access.member_of(request.user)
    path = f"/study/{handed.outline.lesson_key}/"
    if member is None:
        messages.warning(request, "这个账号没有对应的党员，刚才的内容没有存。请换党员自己的账号。")
        return "/me/"
    try:
        handed.store(member)
        messages.success(request, "刚才交的已经存上了。")
    except Invalid as problem:
        messages.error(request, problem.detail)
    return path
