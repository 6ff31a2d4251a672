"""Taking in what a learner did: store the records, bring progress up to date, answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from studyhub.core.errors import Invalid
from studyhub.core.ids import uuid7
from studyhub.learning.progress import LessonProgress, refresh_progress
from studyhub.people import access
from studyhub.people.locks import lock_member, lock_own_member
from studyhub.people.models import Member, User
from studyhub.records.apart import is_apart, keep_apart, number_of
from studyhub.records.entries import Result
from studyhub.records.intake import Stored, store_batch
from studyhub.records.models import Epoch, Record

# Forms have no phone behind them: each member's forms count as one device of their own.
FORM_DEVICES = UUID("6f0a9c5e-1d0b-5c7e-9a64-0d3f2b8c7a11")


@dataclass(frozen=True)
class Submission:
    """What became of the records, and where the lessons they touched stand now."""

    stored: Stored
    progress: list[LessonProgress]


def submit_records(
    *, member: Member, device_id: UUID, records: Sequence[Any], source: Record.Source
) -> Submission:
    """Store a batch as it came from a phone; one transaction.

    Safe to repeat. ``records`` may hold anything: each is answered for in ``stored.results``
    (``records.intake.store_batch``).
    """
    with lock_member(member) as locked:
        stored = store_batch(locked, device_id=device_id, records=records, source=source)
        progress = refresh_progress(locked, sorted(stored.touched), stored.touched)
    return Submission(stored, list(progress.values()))


def submit_from_phone(
    *, user: User, device_id: UUID, records: Sequence[Any], source: Record.Source
) -> Submission:
    """The same for whatever a phone of this account reports, of study and of people alike.

    Who leads a group need not be a member to report what is kept apart (``records.apart``); raises
    NotFound ``no_member`` where there is nothing else.
    """
    apart = {n: keep_apart(user, raw) for n, raw in enumerate(records) if is_apart(raw)}
    kept = [number_of(records[n]) for n, result in apart.items() if result.acknowledged]
    numbers = {number for number in kept if number}
    rest = [raw for n, raw in enumerate(records) if n not in apart]
    if apart and not rest and access.member_of(user) is None:
        stored = Stored([], epoch=Epoch.current(), max_seq=max(numbers, default=0))
        return Submission(_in_order(stored, apart), [])
    with lock_own_member(user) as locked:
        stored = store_batch(
            locked, device_id=device_id, records=rest, source=source, apart=numbers
        )
        progress = refresh_progress(locked, sorted(stored.touched), stored.touched)
    return Submission(_in_order(stored, apart), list(progress.values()))


def _in_order(stored: Stored, apart: Mapping[int, Result]) -> Stored:
    others = iter(stored.results)
    count = len(stored.results) + len(apart)
    return replace(stored, results=[apart.get(n) or next(others) for n in range(count)])


def submit_form(
    *,
    member: Member,
    lesson_key: UUID,
    revision: int,
    acts: Sequence[tuple[str, dict[str, Any]]],
) -> Submission:
    """Store what a web form says; each act is a kind of record with its data.

    The server makes the ids, since no script has made them: a form sent twice is two acts. Raises
    Invalid with the code of the first record that is refused; what was good is stored all the same.
    """
    at = timezone.now().isoformat()
    records = [
        {
            "id": str(uuid7()),
            "kind": kind,
            "at": at,
            "lesson_id": str(lesson_key),
            "revision": revision,
            "data": data,
        }
        for kind, data in acts
    ]
    submission = submit_records(
        member=member,
        device_id=uuid5(FORM_DEVICES, str(member.public_id)),
        records=records,
        source=Record.Source.FORM,
    )
    for result in submission.stored.results:
        if not result.acknowledged:
            raise Invalid(result.code, result.detail)
    return submission
