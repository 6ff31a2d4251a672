"""Taking in what a learner did: store the records, bring progress up to date, answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from studyhub.core.errors import Invalid
from studyhub.core.ids import uuid7
from studyhub.learning.progress import LessonProgress, refresh_progress
from studyhub.people.locks import lock_member
from studyhub.people.models import Member
from studyhub.records.intake import Stored, store_batch
from studyhub.records.models import Record

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
        progress = refresh_progress(locked, sorted(stored.touched))
    return Submission(stored, list(progress.values()))


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
