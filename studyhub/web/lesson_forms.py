"""The form on a lesson: read it, carry it through a sign-in, store what it says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from content import catalogue
from studyhub.core.errors import NotFound
from studyhub.core.ids import parse_uuid, uuid7
from studyhub.learning.submissions import submit_form
from studyhub.people.models import Member

LESSON_FIELD = "study_lesson"
MAX_TEXT = 100


@dataclass(frozen=True)
class LessonForm:
    """What somebody sent from a lesson page, judged by the revision they had before them.

    ``do`` is the button: ``quiz`` or ``finish``. ``read`` are sections said to be read; ``answers``
    by question, in the shape a phone would send. ``attempt`` is the id by which a script drew what
    was shown; empty where all of it was.
    """

    outline: catalogue.Outline
    do: str
    read: list[UUID]
    answers: dict[str, catalogue.Answer]
    attempt: str = ""

    @classmethod
    def of(cls, lesson_key: UUID, form: QueryDict) -> "LessonForm":
        """What fits no section or question is dropped; NotFound for an unknown lesson."""
        outline = outline_asked_for(lesson_key, form.get("revision", ""))
        known = {str(section.id): section.id for section in outline.sections}
        return cls(
            outline=outline,
            do="finish" if form.get("do") == "finish" else "quiz",
            read=[known[text] for text in dict.fromkeys(form.getlist("section")) if text in known],
            answers=dict(_answers(outline, form)),
            attempt=_attempt(form.get("attempt", "")),
        )

    @classmethod
    def carried(cls, form: QueryDict) -> "LessonForm | None":
        """The form that a sign-in page carries along, if it carries one."""
        lesson_key = parse_uuid(form.get(LESSON_FIELD))
        try:
            return cls.of(lesson_key, form) if lesson_key else None
        except NotFound:
            return None

    @property
    def quiz(self) -> catalogue.Quiz | None:
        """The self-check as it stood before its reader."""
        quiz = self.outline.quiz
        return quiz and catalogue.as_shown(quiz, self.outline.revision, self.attempt)

    def fields(self) -> Iterator[tuple[str, str]]:
        """The form again, as hidden fields."""
        yield LESSON_FIELD, str(self.outline.lesson_key)
        yield "revision", str(self.outline.revision)
        yield "do", self.do
        if self.attempt:
            yield "attempt", self.attempt
        for section_id in self.read:
            yield "section", str(section_id)
        for question_id, answer in self.answers.items():
            for value in answer if isinstance(answer, list) else [answer]:
                text = str(value).lower() if isinstance(value, bool) else value
                yield f"q-{question_id}", text

    def acts(self) -> list[tuple[str, dict[str, Any]]]:
        """The records this form amounts to; answers count also under the other button."""
        quiz = self.outline.quiz
        acts: list[tuple[str, dict[str, Any]]] = []
        if self.do == "finish":
            if self.read:
                acts.append(("sections_read", {"section_ids": [str(pk) for pk in self.read]}))
            acts.append(("lesson_finished", {}))
        if quiz and self.answers:
            attempt_id = self.attempt or str(uuid7())
            attempt = {"quiz_id": quiz.id, "attempt_id": attempt_id, "answers": self.answers}
            acts.append(("quiz_attempt", attempt))
        return acts

    def store(self, member: Member) -> None:
        """Raises Invalid when a record is refused, in words for the learner."""
        if acts := self.acts():
            submit_form(
                member=member,
                lesson_key=self.outline.lesson_key,
                revision=self.outline.revision,
                acts=acts,
            )


def outline_asked_for(lesson_key: UUID, revision: str) -> catalogue.Outline:
    """That of the revision a form or an address names; a number that never was means the newest."""
    number = revision_number(revision)
    known = catalogue.outlines([(lesson_key, number)]) if number else {}
    return known.get((lesson_key, number or 0)) or catalogue.outline(lesson_key)


def revision_number(text: str) -> int | None:
    """The number somebody sent as a revision, None where it cannot be one."""
    return int(text) if text.isdecimal() and len(text) < 9 else None


def _attempt(text: str) -> str:
    """As a script wrote it; anything else means that nothing was drawn."""
    found = parse_uuid(text)
    return str(found) if found and catalogue.is_drawn(str(found)) else ""


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
