"""The short form of a record's data on a receipt: places in the outline instead of identifiers.

An attempt: 1 and 128 bits where its id is not the record's own; then each question of the
self-check in turn. Of several options: 1 and a bit for each, else 0 and 1 with the answer in its
own words or 0 for none. Any other question: the place of its answer among ``choices_of``, one past
them for none, two past them and the answer in its own words.
"""

from typing import Any
from uuid import UUID

from content.catalogue import Answer, Outline, Question, Quiz
from studyhub.records.receipt_code import BitReader, Unreadable

Data = dict[str, Any]


def read_short(bits: BitReader, kind: str, own_id: UUID, outline: Outline | None) -> Data:
    """The data of one record as the phone held it.

    ``own_id`` is the record's id, which an attempt may share. Raises Unreadable where the outline
    is not the one it was written with.
    """
    if kind == "lesson_finished":
        return {}
    if kind == "reflection":
        return {"text": bits.text()}
    if outline is None:
        raise Unreadable
    if kind == "sections_read":
        ids = [str(section.id) for section in outline.sections if bits.take(1)]
        return {"section_ids": sorted(ids)}
    return _read_attempt(bits, own_id, outline.quiz)


def _read_attempt(bits: BitReader, own_id: UUID, quiz: Quiz | None) -> Data:
    if quiz is None:
        raise Unreadable
    attempt = UUID(int=bits.take(128)) if bits.take(1) else own_id
    answers: dict[str, Answer] = {}
    for question in quiz.questions:
        read = _read_several if question.kind == "multi" else _read_one
        answer = read(bits, question)
        if answer is not None:
            answers[question.id] = answer
    return {"quiz_id": quiz.id, "attempt_id": str(attempt), "answers": answers}


def choices_of(question: Question) -> list[str | bool]:
    """The answers that have a place of their own, in the order of the outline."""
    if question.kind == "truefalse":
        return [False, True]
    if question.kind == "blank":
        return list(question.accepted)
    return [option.id for option in question.options]


def _read_one(bits: BitReader, question: Question) -> Answer | None:
    choices = choices_of(question)
    place = bits.take((len(choices) + 1).bit_length())
    if place < len(choices):
        return choices[place]
    if place == len(choices):
        return None
    if place > len(choices) + 1:
        raise Unreadable
    return bits.text()


def _read_several(bits: BitReader, question: Question) -> Answer | None:
    if bits.take(1):
        return sorted(str(choice) for choice in choices_of(question) if bits.take(1))
    return bits.text() if bits.take(1) else None
