"""The short form of a record's data on a receipt: places in the outline instead of identifiers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from content.catalogue import Answer, Outline, Question, Quiz
from studyhub.records.receipt_code import BitReader, BitWriter, Unreadable

Data = dict[str, Any]


class NotShort(Exception):
    """This data has no short form; it travels as JSON."""


def write_short(
    bits: BitWriter, kind: str, data: Data, own_id: UUID, outline: Outline | None
) -> None:
    """Raises NotShort; what was written until then is void."""
    writers = {
        "sections_read": _write_sections,
        "lesson_finished": _write_nothing,
        "quiz_attempt": _write_attempt,
        "reflection": _write_reflection,
    }
    if kind not in writers:
        raise NotShort
    writers[kind](bits, data, own_id, outline)


def read_short(bits: BitReader, kind: str, own_id: UUID, outline: Outline | None) -> Data:
    """Raises Unreadable where the outline is not the one it was written with."""
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


def _write_sections(bits: BitWriter, data: Data, own_id: UUID, outline: Outline | None) -> None:
    ids = data.get("section_ids")
    places = [str(section.id) for section in outline.sections] if outline else []
    if set(data) != {"section_ids"} or not _all_among(ids, places):
        raise NotShort
    assert isinstance(ids, list)  # noqa: S101  _all_among has seen to it
    for place in places:
        bits.put(int(place in ids), 1)


def _all_among(values: Any, known: Sequence[Any]) -> bool:
    return isinstance(values, list) and all(isinstance(v, str) and v in known for v in values)


def _write_nothing(bits: BitWriter, data: Data, own_id: UUID, outline: Outline | None) -> None:
    if data:
        raise NotShort


def _write_reflection(bits: BitWriter, data: Data, own_id: UUID, outline: Outline | None) -> None:
    if set(data) != {"text"}:
        raise NotShort
    bits.text(_whole_text(data["text"]))


def _whole_text(value: Any) -> str:
    """A text without half characters, which UTF-8 cannot carry."""
    try:
        value.encode()
    except (AttributeError, UnicodeEncodeError):
        raise NotShort from None
    return str(value)


# The self-check -------------------------------------------------------------------------------
def _write_attempt(bits: BitWriter, data: Data, own_id: UUID, outline: Outline | None) -> None:
    quiz = outline.quiz if outline else None
    if quiz is None or set(data) != {"quiz_id", "attempt_id", "answers"}:
        raise NotShort
    answers = data["answers"]
    known = [question.id for question in quiz.questions]
    if data["quiz_id"] != quiz.id or not isinstance(answers, dict):
        raise NotShort
    if not _all_among(list(answers), known):
        raise NotShort
    own_attempt = data["attempt_id"] == str(own_id)
    bits.put(int(not own_attempt), 1)
    if not own_attempt:
        bits.put(_uuid(data["attempt_id"]).int, 128)
    for question in quiz.questions:
        if question.kind == "multi":
            _write_several(bits, question, answers)
        else:
            _write_one(bits, question, answers)


def _uuid(text: str) -> UUID:
    """Only in the one spelling that comes back."""
    try:
        value = UUID(text)
    except (ValueError, AttributeError, TypeError):
        raise NotShort from None
    if str(value) != text:
        raise NotShort
    return value


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
    """The answers that have a place of their own."""
    if question.kind == "truefalse":
        return [False, True]
    if question.kind == "blank":
        return list(question.accepted)
    return [option.id for option in question.options]


def _write_one(bits: BitWriter, question: Question, answers: Data) -> None:
    """A place among the choices; one past them: not answered; two past them: in its own words."""
    choices = choices_of(question)
    size = (len(choices) + 1).bit_length()
    if question.id not in answers:
        bits.put(len(choices), size)
        return
    answer = answers[question.id]
    places = [n for n, c in enumerate(choices) if type(c) is type(answer) and c == answer]
    if places:
        bits.put(places[0], size)
    else:
        text = _whole_text(answer)
        bits.put(len(choices) + 1, size)
        bits.text(text)


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


def _write_several(bits: BitWriter, question: Question, answers: Data) -> None:
    """1 and one bit for each option; 0 0: not answered; 0 1: in its own words."""
    choices = choices_of(question)
    answer = answers.get(question.id)
    if isinstance(answer, list):
        if not _all_among(answer, choices) or len(answer) != len(set(answer)):
            raise NotShort
        bits.put(1, 1)
        for choice in choices:
            bits.put(int(choice in answer), 1)
        return
    bits.put(0, 1)
    bits.put(int(question.id in answers), 1)
    if question.id in answers:
        bits.text(_whole_text(answer))


def _read_several(bits: BitReader, question: Question) -> Answer | None:
    if bits.take(1):
        return sorted(str(choice) for choice in choices_of(question) if bits.take(1))
    return bits.text() if bits.take(1) else None
