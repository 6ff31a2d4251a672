"""Corrections (勘误) reach exactly those who finished a lesson on a text that was wrong.

Completion is never touched. Saying "我看过了" is a record like any other: a mark, made online or
offline, on any phone, safe to repeat.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from content import catalogue
from studyhub.learning.models import Progress
from studyhub.learning.submissions import submit_form
from studyhub.people.models import Member
from studyhub.records.kinds import CORRECTION_SEEN
from studyhub.records.models import Record

Pair = tuple[UUID, int]  # a lesson and the number of one of its revisions


@dataclass(frozen=True)
class CorrectionCard:
    """One correction its reader has not acknowledged. ``url`` is a path."""

    lesson_key: UUID
    title: str
    url: str
    finished_revision: int
    correction: catalogue.Correction


def open_corrections(member: Member) -> list[CorrectionCard]:
    """Corrections of open lessons since this member finished them, without those acknowledged.

    Whoever began later, or never finished, read the right text or is still to read it: no card.
    """
    rows = Progress.objects.filter(member=member).finished()
    pairs = rows.values_list("lesson_key", "finished_revision")
    finished = {key: revision for key, revision in pairs if revision}
    after = after_finishing(finished, catalogue.corrected(finished))
    seen = _seen(member) if after else set()
    waiting = [pair for pair in after if pair not in seen]
    keys = list(dict.fromkeys(key for key, _ in waiting))
    titles = catalogue.titles(keys) if keys else {}
    return [
        CorrectionCard(key, *titles[key], finished[key], correction)
        for key in keys
        if key in titles
        for correction in catalogue.changes(key, finished[key])
        if (key, correction.revision) in waiting
    ]


def after_finishing(finished: Mapping[UUID, int], corrected: Iterable[Pair]) -> list[Pair]:
    """The corrections a reader is owed: those of revisions after the one finished on.

    ``finished`` is the revision by lesson; whoever did not finish a lesson is owed none of it.
    """
    return [(key, n) for key, n in corrected if key in finished and n > finished[key]]


def _seen(member: Member) -> set[Pair]:
    marks = Record.objects.marks(member, CORRECTION_SEEN).values_list("data", flat=True)
    return {(UUID(data["lesson"]), data["revision"]) for data in marks}


def acknowledge(member: Member, lesson_key: UUID, revisions: Collection[int]) -> int:
    """Note that the member has seen these; how many were new. Safe to repeat."""
    waiting = {
        card.correction.revision
        for card in open_corrections(member)
        if card.lesson_key == lesson_key
    }
    fresh = sorted(waiting & set(revisions))
    if fresh:
        lesson = str(lesson_key)
        marks = [
            (Record.Kind.MARK.value, {"kind": CORRECTION_SEEN, "lesson": lesson, "revision": n})
            for n in fresh
        ]
        submit_form(member=member, lesson_key=lesson_key, revision=fresh[-1], acts=marks)
    return len(fresh)
