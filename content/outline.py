"""What a lesson asks of its learner: sections, required ones, self-check. Plain values, no
database."""

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

Answer = str | bool | list[str]


@dataclass(frozen=True)
class Section:
    id: UUID
    title: str
    required: bool


@dataclass(frozen=True)
class Option:
    id: str
    text: str


@dataclass(frozen=True)
class Question:
    """``answer`` is the value a phone sends for a right answer, by kind: an option id (single),
    a list of option ids (multi), a boolean (truefalse), a text (blank). ``accepted`` holds every
    spelling of a blank that counts. ``fixed_order`` says that nobody shuffles its options."""

    id: str
    kind: str
    stem: str
    options: tuple[Option, ...]
    answer: Answer
    accepted: tuple[str, ...]
    explanation: str
    section_id: UUID | None
    source: str
    fixed_order: bool = False


@dataclass(frozen=True)
class Quiz:
    """``pass_mark`` is the percentage of right answers that passes; ``required`` says whether
    finishing the lesson needs it. An attempt shows ``draw`` of its questions, all where that is 0;
    ``shuffle`` puts their options into another order each time (``content.question_draw``)."""

    id: str
    title: str
    required: bool
    pass_mark: int
    questions: tuple[Question, ...]
    draw: int = 0
    shuffle: bool = False

    @property
    def draws(self) -> bool:
        return 0 < self.draw < len(self.questions)

    @property
    def varies(self) -> bool:
        """Whether two attempts may show two things."""
        return self.draws or self.shuffle


@dataclass(frozen=True)
class Outline:
    lesson_key: UUID
    revision: int
    title: str
    sections: tuple[Section, ...]
    quiz: Quiz | None

    @cached_property
    def required_sections(self) -> frozenset[UUID]:
        return frozenset(section.id for section in self.sections if section.required)

    @cached_property
    def section_ids(self) -> frozenset[UUID]:
        return frozenset(section.id for section in self.sections)

    def to_json(self) -> dict[str, Any]:
        """Sections and quiz as stored with the revision; the key and the number are columns
        there."""
        return {
            "title": self.title,
            "sections": [
                {"id": str(s.id), "title": s.title, "required": s.required} for s in self.sections
            ],
            "quiz": self.quiz and _quiz_to_json(self.quiz),
        }

    @classmethod
    def from_json(cls, lesson_key: UUID, revision: int, stored: dict[str, Any]) -> "Outline":
        return cls(
            lesson_key=lesson_key,
            revision=revision,
            title=stored["title"],
            sections=tuple(
                Section(UUID(s["id"]), s["title"], s["required"]) for s in stored["sections"]
            ),
            quiz=stored["quiz"] and _quiz_from_json(stored["quiz"]),
        )


def _quiz_to_json(quiz: Quiz) -> dict[str, Any]:
    """What is not used is left out: the version before knows no such field."""
    stored = _without_unused(asdict(quiz), "draw", "shuffle")
    stored["questions"] = [_without_unused(one, "fixed_order") for one in stored["questions"]]
    for question in stored["questions"]:
        question["section_id"] = question["section_id"] and str(question["section_id"])
    return stored


def _without_unused(stored: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in stored.items() if value or name not in names}


def _quiz_from_json(stored: dict[str, Any]) -> Quiz:
    questions = tuple(
        Question(
            **{
                **q,
                "options": tuple(Option(**option) for option in q["options"]),
                "accepted": tuple(q["accepted"]),
                "section_id": q["section_id"] and UUID(q["section_id"]),
            }
        )
        for q in stored["questions"]
    )
    return Quiz(**{**stored, "questions": questions})
