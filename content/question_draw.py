"""Which questions an attempt at a self-check shows, and in what order their options stand.

All of it follows from the revision and the attempt's id, by the same few lines as in
``web/static/web/question_draw.js``: a phone draws without a network, and the server knows what it
drew (decision 0049).
"""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID, uuid4

from content.outline import Question, Quiz
from content.question_wording import speak_of_each_other

DRAWN = 8  # version of the id of an attempt that drew; any other was shown everything in order
_BITS = 0xFFFFFFFF


def as_shown(quiz: Quiz, revision: int, attempt_id: str) -> Quiz:
    """The self-check as this attempt showed it. Answers are judged by ids, whatever the order."""
    if not (quiz.varies and is_drawn(attempt_id)):
        return quiz
    seed = f"{revision} {attempt_id}"
    count = quiz.draw or len(quiz.questions)
    drawn = set(_in_order(seed, (question.id for question in quiz.questions))[:count])
    shown = (question for question in quiz.questions if question.id in drawn)
    if quiz.shuffle:
        shown = (_shuffled(question, seed) for question in shown)
    return replace(quiz, questions=tuple(shown))


def is_drawn(attempt_id: str) -> bool:
    return len(attempt_id) == 36 and attempt_id[14] == str(DRAWN)


def new_attempt() -> str:
    """As a phone makes one before it shows anything."""
    value = uuid4().int & ~(0xF << 76) | DRAWN << 76
    return str(UUID(int=value))


def keeps_order(question: Question) -> bool:
    """Ticked, or its options speak of each other (以上都对)."""
    return question.fixed_order or speak_of_each_other(one.text for one in question.options)


def _shuffled(question: Question, seed: str) -> Question:
    if keeps_order(question):
        return question
    options = {option.id: option for option in question.options}
    return replace(question, options=tuple(options[one] for one in _in_order(seed, options)))


def _in_order(seed: str, ids: Iterable[str]) -> list[str]:
    return sorted(ids, key=lambda one: (_rank(f"{seed} {one}"), one))


def _rank(text: str) -> int:
    """FNV-1a in 32 bits, mixed once more: ids that are nearly alike come far apart."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & _BITS
    value = (value ^ value >> 16) * 0x85EBCA6B & _BITS
    value = (value ^ value >> 13) * 0xC2B2AE35 & _BITS
    return value ^ value >> 16
