"""Taking in what a learner did: store the records, bring progress up to date, answer. One
transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from studyhub.core.ids import uuid7
from studyhub.learning.progress import LessonProgress, lock_member, refresh_progress
from studyhub.people.models import Member
from studyhub.records.intake import Stored, store_batch
from studyhub.records.models import Record

# Forms have no phone behind them: each member's forms count as one device of their own.
FORM_DEVICES = UUID("6f0a9c5e-1d0b-5c7e-9a64-0d3f2b8c7a11")


@dataclass(frozen=True)
class Report:
    stored: Stored
    progress: list[LessonProgress]


@transaction.atomic
def report_records(
    *, member: Member, device_id: UUID, records: Sequence[Any], source: Record.Source
) -> Report:
    """Store a batch as it came from a phone. Safe to repeat; see ``records.intake.store_batch``."""
    lock_member(member)
    stored = store_batch(member=member, device_id=device_id, records=records, source=source)
    progress = refresh_progress(member, sorted(stored.touched))
    return Report(stored, list(progress.values()))


def report_form(
    *, member: Member, lesson_key: UUID, revision: int, kinds: Sequence[tuple[str, dict[str, Any]]]
) -> Report:
    """Store what a web form said; the server makes the ids, since there is no script to make
    them."""
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
        for kind, data in kinds
    ]
    return report_records(
        member=member,
        device_id=uuid5(FORM_DEVICES, str(member.public_id)),
        records=records,
        source=Record.Source.FORM,
    )
