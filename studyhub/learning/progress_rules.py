"""Progress as a pure function of the set of records.

Every field is a union, a minimum, a maximum or a count over the set, so order, repetition, batching
and the number of phones cannot change the result, and new records never take anything away.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from content.catalogue import Outline, as_shown
from studyhub.learning.quizzes import Grade, grade
from studyhub.records.models import Fact, Record


@dataclass(frozen=True)
class Derived:
    """What is stored of a member and a lesson; the columns of ``Progress``.

    ``first_read`` is the oldest revision on which each section was read: what was wrong in it was
    read. ``quiz_best`` is a percentage. ``finished_revision`` is the one whose rule was met first.
    """

    sections_read: frozenset[UUID] = frozenset()
    first_read: Mapping[UUID, int] = field(default_factory=dict)
    quiz_best: int | None = None
    quiz_attempts: int = 0
    declared_at: datetime | None = None
    finished_at: datetime | None = None
    finished_revision: int | None = None


@dataclass
class _Facts:
    read_at: dict[UUID, datetime] = field(default_factory=dict)
    first_read: dict[UUID, int] = field(default_factory=dict)
    declared_at: datetime | None = None
    grades: list[tuple[Grade, datetime]] = field(default_factory=list)
    best: int | None = None
    attempts: set[str] = field(default_factory=set)
    revisions: set[int] = field(default_factory=set)


def derive(records: Iterable[Fact], outlines: Mapping[int, Outline]) -> Derived:
    """What the records of one member and one lesson amount to.

    ``outlines`` by revision; a record of a revision that is not there moves nothing.

    The rule, printed on the lesson: finished when every required section was seen, the self-check
    was passed where the lesson requires it, and the learner said so, in any order. It is enough to
    meet it for one revision that was studied; a later correction never un-finishes.
    """
    facts = _Facts()
    for record in records:
        outline = outlines.get(record.revision or 0)
        if outline:
            facts.revisions.add(outline.revision)
            _READERS.get(record.kind, _read_nothing)(facts, record, outline)
    done = [
        (done_at, revision)
        for revision in sorted(facts.revisions)
        if (done_at := _done_at(facts, outlines[revision]))
    ]
    finished_at, finished_revision = min(done, default=(None, None))
    return Derived(
        sections_read=frozenset(facts.read_at),
        first_read=facts.first_read,
        quiz_best=facts.best,
        quiz_attempts=len(facts.attempts),
        declared_at=facts.declared_at,
        finished_at=finished_at,
        finished_revision=finished_revision,
    )


def _read_sections(facts: _Facts, record: Fact, outline: Outline) -> None:
    for section_id in outline.section_ids & {UUID(text) for text in record.data["section_ids"]}:
        facts.read_at[section_id] = _earlier(facts.read_at.get(section_id), record.effective_at)
        claimed = record.revision or outline.revision
        facts.first_read[section_id] = min(facts.first_read.get(section_id, claimed), claimed)


def _read_declaration(facts: _Facts, record: Fact, outline: Outline) -> None:
    facts.declared_at = _earlier(facts.declared_at, record.effective_at)


def _read_attempt(facts: _Facts, record: Fact, outline: Outline) -> None:
    facts.attempts.add(record.data["attempt_id"])
    result = grade_attempt(record, outline)
    if result is None:
        return
    facts.best = result.score if facts.best is None else max(facts.best, result.score)
    facts.grades.append((result, record.effective_at))


def _read_nothing(facts: _Facts, record: Fact, outline: Outline) -> None:
    """Reflections and marks move no progress."""


_READERS: dict[str, Callable[[_Facts, Fact, Outline], None]] = {
    Record.Kind.SECTIONS_READ: _read_sections,
    Record.Kind.LESSON_FINISHED: _read_declaration,
    Record.Kind.QUIZ_ATTEMPT: _read_attempt,
}


def grade_attempt(record: Fact, outline: Outline) -> Grade | None:
    """The grade of an attempt by the outline it was made on, and by the questions it showed.

    Where an attempt drew some of the questions, these are the whole self-check: to leave one of
    them open is wrong, to leave others open is nothing. Phones that draw nothing are asked all.

    None when that revision has no such self-check: the record is kept, but it proves nothing.
    """
    quiz = outline.quiz
    if quiz is None or quiz.id != record.data["quiz_id"]:
        return None
    shown = as_shown(quiz, outline.revision, record.data["attempt_id"])
    return grade(shown, record.data["answers"])


def _earlier(kept: datetime | None, moment: datetime) -> datetime:
    return moment if kept is None else min(kept, moment)


def _done_at(facts: _Facts, outline: Outline) -> datetime | None:
    """When the rule of this revision was first met, or None."""
    if facts.declared_at is None or not outline.required_sections <= facts.read_at.keys():
        return None
    moments = [facts.declared_at, *(facts.read_at[s] for s in outline.required_sections)]
    if outline.quiz and outline.quiz.required:
        passed_at = _passed_at(facts, outline.quiz.pass_mark)
        if passed_at is None:
            return None
        moments.append(passed_at)
    return max(moments)


def _passed_at(facts: _Facts, pass_mark: int) -> datetime | None:
    """A pass counts for every revision, and a score counts where the mark was lowered since."""
    passes = (at for grade, at in facts.grades if grade.passed or grade.score >= pass_mark)
    return min(passes, default=None)
