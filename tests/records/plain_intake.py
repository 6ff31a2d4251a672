"""What a batch is to come to: one record at a time, with plain models."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.utils import timezone

from content import catalogue
from studyhub.people.models import Member
from studyhub.records import entries, intake
from studyhub.records.appending import Entry
from studyhub.records.entries import Result, ResultStatus
from studyhub.records.intake import Stored
from studyhub.records.models import DeviceCursor, Epoch, Record


def store_plainly(member: Member, device_id: UUID, records: Sequence[Any]) -> Stored:
    """The answer of ``intake.store_batch``, and the same rows."""
    batch = entries.Batch(member.pk, device_id, Record.Source.SESSION, timezone.now())
    cursor, _ = DeviceCursor.objects.get_or_create(member=member, device_id=device_id)
    stored, numbers, renew = Stored([], epoch=Epoch.current()), set(), False
    for raw in records:
        read = entries.read_entry(raw, batch)
        entry = intake._pin(read, _published(read)) if isinstance(read, Entry) else read
        result = entry if isinstance(entry, Result) else _store(entry)
        stored.results.append(result)
        if not isinstance(entry, Entry) or not result.acknowledged:
            continue
        if entry.lesson_key:
            stored.touched[entry.lesson_key] = max(_published(entry)[entry.lesson_key])
        if entry.seq:
            numbers.add(entry.seq)
            same = Record.objects.filter(member=member, device_id=device_id, seq=entry.seq)
            others = same.exclude(pk=entry.id).exists()
            renew |= others and result.status == ResultStatus.ACCEPTED
    cursor.note(numbers)
    cursor.save()
    stored.max_seq, stored.missing = cursor.max_seq, cursor.missing[: intake.MOST_GAPS]
    stored.renew = renew or cursor.is_torn
    return stored


def _published(read: Any) -> Any:
    key = getattr(read, "lesson_key", None)
    return catalogue.publications([key]) if key else {}


def _store(entry: Entry) -> Result:
    there = Record.objects.filter(pk=entry.id).first()
    if there is None:
        Record.objects.create(**asdict(entry))
        return Result(str(entry.id), ResultStatus.ACCEPTED)
    if there.member_id != entry.member_id:
        detail = "这条记录的标识已被占用，请联系组长。"
        return Result(str(entry.id), ResultStatus.REJECTED, "id_taken", detail)
    if there.content_hash != entry.content_hash:
        detail = "同一标识先后传来两份不同的记录，已保留先收到的一份。"
        return Result(str(entry.id), ResultStatus.REJECTED, "mismatch", detail)
    return Result(str(entry.id), ResultStatus.DUPLICATE)
