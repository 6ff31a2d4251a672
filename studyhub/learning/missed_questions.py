"""大家常错的题: how many people answered each question of a lesson, and how many wrongly.

Of each person the first answer to a question counts, whatever they tried afterwards. Nobody is
named; where fewer than ``LEAST`` people answered, nothing is told, nor is it part of any sum.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from content import catalogue
from content.catalogue import Outline, Question
from studyhub.learning.quizzes import is_right

LEAST = 5  # people; of fewer nothing is told

# Summed by what was answered: few rows, however many people. An answer is JSON, as it was sent.
_FIRST_ANSWERS = """
    SELECT lesson_key, revision, question, answer, count(*) FROM (
        SELECT r.lesson_key, r.revision, a.key AS question, {answer} AS answer, row_number() OVER (
            PARTITION BY r.member_id, r.lesson_key, a.key ORDER BY r.effective_at, r.id) AS turn
        FROM records_record r, {answers} a
        WHERE r.kind = 'quiz_attempt' AND {given} {chosen}
    ) every WHERE turn = 1
    GROUP BY lesson_key, revision, question, answer
"""
_OF = {
    "postgresql": {
        "answers": "jsonb_each(r.data -> 'answers')",
        "answer": "a.value::text",
        "given": "jsonb_typeof(a.value) <> 'null'",
    },
    "sqlite": {
        "answers": "json_each(r.data, '$.answers')",
        "answer": "CASE a.type WHEN 'text' THEN json_quote(a.value) WHEN 'array' THEN a.value "
        "ELSE a.type END",
        "given": "a.type <> 'null'",
    },
}


@dataclass
class Tally:
    """Of one question: people, those who were wrong, and how many chose each option."""

    people: int = 0
    wrong: int = 0
    chosen: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class MissedQuestion:
    """One question of what is read now; ``number`` from 1. ``choices`` are words, how many chose
    it, and whether it is right; empty for a blank: what people write may be about themselves."""

    lesson_key: UUID
    lesson: str
    section: str
    number: int
    question: Question
    people: int
    wrong: int
    choices: tuple[tuple[str, int, bool], ...]

    @property
    def percent(self) -> int:
        return 100 * self.wrong // self.people


def missed_questions(keys: Collection[UUID] | None = None) -> list[MissedQuestion]:
    """Of these lessons, or of all; what most people got wrong first."""
    enough = {place: one for place, one in tallies_of(keys).items() if one.people >= LEAST}
    revisions = catalogue.current_revisions({key for key, _ in enough})
    outlines = catalogue.outlines(revisions.items())
    lines = [
        line for (key, _), outline in outlines.items() for line in _lines(key, outline, enough)
    ]
    return sorted(lines, key=lambda line: (-line.percent, -line.people, line.lesson, line.number))


def missed_in(places: Collection[tuple[UUID, str]]) -> list[MissedQuestion]:
    """Of these questions alone, each by its lesson and its id there."""
    lines = missed_questions({key for key, _ in places}) if places else []
    return [line for line in lines if (line.lesson_key, line.question.id) in places]


def tallies_of(keys: Collection[UUID] | None) -> dict[tuple[UUID, str], Tally]:
    """By lesson and question, however few people; judged by the revision that was answered."""
    rows = list(_first_answers(keys)) if keys is None or keys else []
    outlines = catalogue.outlines({(key, revision) for key, revision, *_ in rows})
    asked = {place: _questions_of(outline) for place, outline in outlines.items()}
    found: dict[tuple[UUID, str], Tally] = {}
    for key, revision, question_id, answer, count in rows:
        question = asked.get((key, revision), {}).get(question_id)
        if question is not None:
            _count(found.setdefault((key, question_id), Tally()), question, answer, count)
    return found


def _questions_of(outline: Outline) -> dict[str, Question]:
    return {one.id: one for one in outline.quiz.questions} if outline.quiz else {}


def _count(tally: Tally, question: Question, answer: Any, count: int) -> None:
    tally.people += count
    tally.wrong += 0 if is_right(question, answer) else count
    for one in answer if isinstance(answer, list) else [answer]:
        tally.chosen[str(one).lower() if isinstance(one, bool) else str(one)] += count


def _first_answers(
    keys: Collection[UUID] | None,
) -> Iterator[tuple[UUID, int, str, Any, int]]:
    """Lesson, revision, question, answer, and how many people gave it first."""
    chosen = "" if keys is None else f"AND r.lesson_key IN ({', '.join(['%s'] * len(keys))})"
    sql = _FIRST_ANSWERS.format(chosen=chosen, **_OF[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(sql, list(map(_stored, keys or ())))
        rows = cursor.fetchall()
    for key, revision, question, answer, count in rows:
        yield UUID(str(key)), revision, question, json.loads(answer), count


def _stored(key: UUID) -> Any:
    return key if connection.features.has_native_uuid_field else key.hex


def _lines(
    key: UUID, outline: Outline, tallies: Mapping[tuple[UUID, str], Tally]
) -> Iterator[MissedQuestion]:
    titles = {section.id: section.title for section in outline.sections}
    for number, question in enumerate(_questions_of(outline).values(), start=1):
        tally = tallies.get((key, question.id))
        if tally is None:
            continue
        yield MissedQuestion(
            lesson_key=key,
            lesson=outline.title,
            section=titles.get(question.section_id, "") if question.section_id else "",
            number=number,
            question=question,
            people=tally.people,
            wrong=tally.wrong,
            choices=tuple(_choices(question, tally)),
        )


def _choices(question: Question, tally: Tally) -> Iterator[tuple[str, int, bool]]:
    if question.kind == "truefalse":
        yield "对", tally.chosen["true"], question.answer is True
        yield "错", tally.chosen["false"], question.answer is False
    right = question.answer if isinstance(question.answer, list) else [question.answer]
    for option in question.options:
        yield option.text, tally.chosen[option.id], option.id in right


@dataclass(frozen=True)
class MissedSection:
    """The questions of one section that are shown: what was answered there, and what wrongly."""

    lesson: str
    section: str
    questions: int
    answers: int
    wrong: int

    @property
    def percent(self) -> int:
        return 100 * self.wrong // self.answers


def missed_sections(keys: Collection[UUID] | None = None) -> list[MissedSection]:
    """Sums of what ``missed_questions`` tells, so that nothing hidden is found by subtraction."""
    groups: dict[tuple[UUID, str], list[MissedQuestion]] = {}
    for line in missed_questions(keys):
        groups.setdefault((line.lesson_key, line.section), []).append(line)
    sums = [
        MissedSection(
            lines[0].lesson,
            section,
            len(lines),
            sum(line.people for line in lines),
            sum(line.wrong for line in lines),
        )
        for (_, section), lines in groups.items()
    ]
    return sorted(sums, key=lambda one: (-one.percent, -one.answers, one.lesson, one.section))
