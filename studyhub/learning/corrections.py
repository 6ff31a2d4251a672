"""Corrections (勘误) reach exactly those who read the text that was wrong, finished or not.

Completion is never touched. Saying "我看过了" is a record like any other: a mark, made online or
offline, on any phone, safe to repeat.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from content import catalogue
from content.catalogue import Brief
from studyhub.learning.models import Progress
from studyhub.learning.submissions import submit_form
from studyhub.people.models import Member
from studyhub.records.kinds import CORRECTION_SEEN
from studyhub.records.models import Record

Pair = tuple[UUID, int]  # a lesson and the number of one of its revisions
Read = Mapping[UUID | None, int]  # oldest revision read by section; None: title and summary


@dataclass(frozen=True)
class CorrectionCard:
    """One correction its reader has not acknowledged. ``url`` is a path.

    ``read_revision`` is the oldest text the reader had of what was corrected.
    """

    lesson_key: UUID
    title: str
    url: str
    read_revision: int
    correction: catalogue.Correction


def open_corrections(member: Member) -> list[CorrectionCard]:
    """Corrections of open lessons in what this member read, without those acknowledged.

    Whoever read the right text, or other parts of the lesson only, gets no card.
    """
    rows = Progress.objects.filter(member=member)
    readings = readings_of(rows.only("lesson_key", "first_read", "finished_revision"))
    waiting = waiting_for(member, readings, catalogue.corrected(readings))
    return cards_of(readings, waiting, catalogue.briefs({key for key, _ in waiting}))


def waiting_for(
    member: Member, readings: Mapping[UUID, Read], corrected: Iterable[Pair]
) -> list[Pair]:
    """Corrections after what was read, without those acknowledged."""
    after = [
        (key, n) for key, n in corrected if key in readings and n > min(readings[key].values())
    ]
    seen = _seen(member) if after else set()
    return [pair for pair in after if pair not in seen]


def cards_of(
    readings: Mapping[UUID, Read], waiting: Sequence[Pair], briefs: Mapping[UUID, Brief]
) -> list[CorrectionCard]:
    """Of what waits, that which concerns the reader; ``briefs`` has the lessons that are open."""
    return [
        CorrectionCard(key, briefs[key].title, briefs[key].url, read_revision, correction)
        for key in dict.fromkeys(key for key, _ in waiting)
        if key in briefs
        for read_revision, correction in _owed(key, readings[key])
        if (key, correction.revision) in waiting
    ]


def readings_of(rows: Iterable[Progress]) -> dict[UUID, Read]:
    """What was read of each lesson, without those of which nothing was."""
    read = {row.lesson_key: reading_of(row.first_read or {}, row.finished_revision) for row in rows}
    return {key: reading for key, reading in read.items() if reading}


def reading_of(first_read: Mapping[str, int], finished_revision: int | None) -> Read:
    """Who read any section, or finished a lesson that has none, read its title as well."""
    known = [*first_read.values(), *([finished_revision] if finished_revision else [])]
    title: Read = {None: min(known)} if known else {}
    return {**title, **{UUID(text): number for text, number in first_read.items()}}


def _owed(key: UUID, reading: Read) -> Iterator[tuple[int, catalogue.Correction]]:
    """Compared with each text that was read: a block is told from the state its reader had."""
    owed: dict[int, tuple[int, catalogue.Correction]] = {}
    for read_revision in sorted(set(reading.values())):
        for correction in catalogue.changes(key, read_revision):
            part = part_for(correction, reading, read_revision)
            if part is None:
                continue
            known = owed.get(part.revision)
            if known:
                part = replace(part, blocks=known[1].blocks + part.blocks)
            owed[part.revision] = (known[0] if known else read_revision, part)
    return iter(owed[number] for number in sorted(owed))


def part_for(
    correction: catalogue.Correction, reading: Read, read_revision: int
) -> catalogue.Correction | None:
    """What of a correction concerns those parts that were read on this revision, or None.

    One without words (a picture was changed, or texts were not kept then) concerns whoever read.
    """
    if not correction.blocks:
        return correction if reading[None] == read_revision else None
    blocks = [block for block in correction.blocks if reading.get(block.stood_in) == read_revision]
    return replace(correction, blocks=blocks) if blocks else None


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
