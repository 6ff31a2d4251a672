"""Grading a self-check.

For learning only: the right answers travel with the lesson, and the server grades again.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from content.catalogue import Question, Quiz


@dataclass(frozen=True)
class Grade:
    """How one attempt went.

    ``score`` is the percentage of right answers, rounded down; ``right`` says it by question id.
    """

    score: int
    passed: bool
    right: dict[str, bool]


def grade(quiz: Quiz, answers: Mapping[str, Any]) -> Grade:
    """Grade answers by question id, in whatever form a phone or a page sent them.

    Unanswered questions are wrong; answers to questions that are not there count for nothing.
    """
    right = {q.id: is_right(q, answers.get(q.id)) for q in quiz.questions}
    score = 100 * sum(right.values()) // len(right) if right else 100
    return Grade(score, score >= quiz.pass_mark, right)


def is_right(question: Question, value: Any) -> bool:
    """Whether ``value`` means the right answer, however it was spelled.

    Several choices must all be there and no other; a blank takes any accepted spelling, width,
    spaces and case apart.
    """
    if question.kind == "multi":
        given = value if isinstance(value, list) else [value]
        return bool(question.answer) and set(map(str, given)) == set(_as_list(question.answer))
    if question.kind == "truefalse":
        return _truth(value) is question.answer
    if question.kind == "blank":
        return _folded(value) in {_folded(spelling) for spelling in question.accepted}
    return value is not None and str(value) == question.answer


def _as_list(answer: Any) -> list[str]:
    return list(answer) if isinstance(answer, list | tuple) else []


def _truth(value: Any) -> bool | None:
    """A form sends words where a phone sends booleans."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(str(value).lower())


def _folded(value: Any) -> str:
    """Full-width digits, spaces and case make no difference to a right answer."""
    text = unicodedata.normalize("NFKC", value if isinstance(value, str) else "")
    return "".join(text.split()).casefold().strip("。.，,")
