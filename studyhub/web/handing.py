"""A lesson form as it was handed in: read it, carry it through a sign-in, store it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, QueryDict

from content import catalogue
from studyhub.core.errors import Invalid, NotFound
from studyhub.core.ids import uuid7
from studyhub.learning.study import report_form
from studyhub.people.models import Member

LESSON_FIELD = "study_lesson"
MAX_TEXT = 100


@dataclass(frozen=True)
class Handed:
    """``answers`` in the shape a phone would send; ``read`` are sections said to be read."""

    outline: catalogue.Outline
    do: str
    read: list[UUID]
    answers: dict[str, catalogue.Answer]

    @classmethod
    def of(cls, lesson_key: UUID, form: QueryDict) -> "Handed":
        """Raises NotFound for an unknown lesson. What fits no section or question is dropped."""
        outline = _outline(lesson_key, form.get("revision", ""))
        known = {str(section.id): section.id for section in outline.sections}
        return cls(
            outline=outline,
            do="finish" if form.get("do") == "finish" else "quiz",
            read=[known[text] for text in dict.fromkeys(form.getlist("section")) if text in known],
            answers=dict(_answers(outline, form)),
        )

    @classmethod
    def carried(cls, form: QueryDict) -> "Handed | None":
        """The form that a sign-in page carries along, if it carries one."""
        try:
            return cls.of(UUID(form.get(LESSON_FIELD, "")), form)
        except (ValueError, NotFound):
            return None

    def fields(self) -> Iterator[tuple[str, str]]:
        """The form again, as hidden fields."""
        yield LESSON_FIELD, str(self.outline.lesson_key)
        yield "revision", str(self.outline.revision)
        yield "do", self.do
        for section_id in self.read:
            yield "section", str(section_id)
        for question_id, answer in self.answers.items():
            for value in answer if isinstance(answer, list) else [answer]:
                text = str(value).lower() if isinstance(value, bool) else value
                yield f"q-{question_id}", text

    def kinds(self) -> list[tuple[str, dict[str, Any]]]:
        """The records this form amounts to; answers count also under the other button."""
        quiz = self.outline.quiz
        kinds: list[tuple[str, dict[str, Any]]] = []
        if self.do == "finish":
            if self.read:
                kinds.append(("sections_read", {"section_ids": [str(pk) for pk in self.read]}))
            kinds.append(("lesson_finished", {}))
        if quiz and self.answers:
            attempt = {"quiz_id": quiz.id, "attempt_id": str(uuid7()), "answers": self.answers}
            kinds.append(("quiz_attempt", attempt))
        return kinds

    def store(self, member: Member) -> None:
        """Raises Invalid when the server refuses a record, in words for the learner."""
        kinds = self.kinds()
        if not kinds:
            return
        report = report_form(
            member=member,
            lesson_key=self.outline.lesson_key,
            revision=self.outline.revision,
            kinds=kinds,
        )
        for result in report.stored.results:
            if result.status == "rejected":
                raise Invalid(result.code, result.detail)


def _outline(lesson_key: UUID, revision: str) -> catalogue.Outline:
    if revision.isdecimal() and len(revision) < 9:
        try:
            return catalogue.outline(lesson_key, int(revision))
        except NotFound:
            pass  # a number that never was: judge by the newest
    return catalogue.outline(lesson_key)


def _answers(outline: catalogue.Outline, form: QueryDict) -> Iterator[tuple[str, catalogue.Answer]]:
    for question in outline.quiz.questions if outline.quiz else ():
        given = [text.strip()[:MAX_TEXT] for text in form.getlist(f"q-{question.id}")]
        given = [text for text in given if text]
        if not given:
            continue
        if question.kind == "multi":
            yield question.id, sorted(set(given))
        elif question.kind == "truefalse":
            yield question.id, given[0] == "true"
        else:
            yield question.id, given[0]


def proves_same_origin(request: HttpRequest) -> bool:
    """Whether the browser itself says that the form stood on one of our pages.

    Lesson pages are the same bytes for everybody and can hold no token; this proof replaces it.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    stated = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        return urlsplit(stated).netloc == request.get_host()
    except ValueError:
        return False
