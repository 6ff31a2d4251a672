"""Storing a batch of records: check each one alone, insert once, answer for every one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from content import catalogue
from studyhub.people.locks import LockedMember
from studyhub.records.appending import Entry, append
from studyhub.records.cursors import keep_cursor, look_at_cursor
from studyhub.records.entries import Batch, Result, ResultStatus, read_entry, refuse
from studyhub.records.models import Epoch, Record

MOST_GAPS = 200  # named in one answer; the others come when these are filled


@dataclass
class Stored:
    """What became of a batch, and how its device stands.

    ``touched`` are the lessons whose progress may have changed, each with its newest revision.
    ``max_seq`` and ``missing`` ([from, to], both counted, the oldest ``MOST_GAPS``) say which
    numbers arrived. ``renew`` asks the phone to take a new device id. ``epoch`` is the life of the
    database that holds all this.
    """

    results: list[Result]
    epoch: int = Epoch.FIRST
    touched: dict[UUID, int] = field(default_factory=dict)
    max_seq: int = 0
    missing: list[list[int]] = field(default_factory=list)
    renew: bool = False


def store_batch(
    locked: LockedMember,
    *,
    device_id: UUID,
    records: Sequence[Any],
    source: Record.Source,
    apart: Collection[int] = (),
) -> Stored:
    """Union the records into the member's set. Safe to repeat, in any order, from any device.

    ``apart`` are numbers of the same device that have been taken in elsewhere (``records.apart``).

    The lock makes uploads of one member wait for each other, so that progress is derived from all
    of them. One bad record never blocks the others. Nothing is refused for being old, out of order,
    made on an earlier revision, or carrying a wrong clock.
    """
    batch = Batch(locked.member.pk, device_id, source, timezone.now())
    read = [read_entry(raw, batch) for raw in records]
    published = _published(read)
    read = [_pin(item, published) if isinstance(item, Entry) else item for item in read]
    log = _append_new([item for item in read if isinstance(item, Entry)])
    results = _answer(read, batch.member_id, log)
    mine = [
        item
        for item, result in zip(read, results, strict=True)
        if isinstance(item, Entry) and result.acknowledged
    ]
    touched = {entry.lesson_key for entry in mine if entry.lesson_key}
    stored = Stored(results, touched={key: max(published[key]) for key in touched})
    _note_device(batch, stored, fresh=list(log.new.values()), mine=mine, apart=apart)
    return stored


@dataclass
class _Log:
    """How the log stands after the INSERT, for the ids of one batch.

    ``new`` are the records stored now, ``before`` says owner and content hash of those that were
    there, ``refused`` are ids the database would not take.
    """

    new: dict[UUID, Entry]
    before: dict[UUID, tuple[int, str]]
    refused: set[UUID]


def _append_new(good: list[Entry]) -> _Log:
    """Of one id the first counts. Only what the INSERT did not store is looked for in the log.

    What is not there either was erased this very moment: it waits on the phone.
    """
    first: dict[UUID, Entry] = {}
    for entry in good:
        first.setdefault(entry.id, entry)
    appended = append(list(first.values()))
    known = first.keys() - appended.stored
    before: dict[UUID, tuple[int, str]] = {}
    for _ in range(2):
        if unseen := known - before.keys():
            before |= _stored_under(list(unseen))
    new = {key: first[key] for key in appended.stored}
    return _Log(new, before, known - before.keys())


def _stored_under(ids: list[UUID]) -> dict[UUID, tuple[int, str]]:
    rows = Record.objects.filter(pk__in=ids).values_list("id", "member_id", "content_hash")
    return {pk: (member_id, digest) for pk, member_id, digest in rows}


def _answer(read: list[Entry | Result], member_id: int, log: _Log) -> list[Result]:
    answered = set(log.before)
    results = []
    for item in read:
        if isinstance(item, Entry):
            results.append(_answer_one(item, member_id, log, answered))
            answered.add(item.id)
        else:
            results.append(item)
    return results


def _answer_one(record: Entry, member_id: int, log: _Log, answered: set[UUID]) -> Result:
    """What the log says of the record; ``answered`` are ids that were in it before this one."""
    if record.id in log.refused:
        detail = "这条记录暂时没有存上，请先留在手机上；一直存不上请联系组长。"
        return Result(str(record.id), ResultStatus.LATER, "not_storable", detail)
    stored = log.new.get(record.id)
    owner, digest = (stored.member_id, stored.content_hash) if stored else log.before[record.id]
    if owner != member_id:
        return refuse(record.id, "id_taken", "这条记录的标识已被占用，请联系组长。")
    if digest != record.content_hash:
        detail = "同一标识先后传来两份不同的记录，已保留先收到的一份。"
        return refuse(record.id, "mismatch", detail)
    known = record.id in answered
    return Result(str(record.id), ResultStatus.DUPLICATE if known else ResultStatus.ACCEPTED)


def _published(read: list[Entry | Result]) -> dict[UUID, dict[int, datetime]]:
    keys = {item.lesson_key for item in read if isinstance(item, Entry) and item.lesson_key}
    return catalogue.publications(keys) if keys else {}


def _pin(record: Entry, published: dict[UUID, dict[int, datetime]]) -> Entry | Result:
    """A lesson that was ever published counts, also when it has been taken down since.

    One that was not may be known again after a restore: its records wait on the phone. The revision
    a phone claims is kept as it is (``learning.progress`` judges it); one that claims none is
    pinned to the newest.
    """
    if record.lesson_key is None:
        return record
    known = published.get(record.lesson_key)
    if known is None:
        detail = "这里还没有这一课，记录请先留在手机上；这一课发布后会自动上传。"
        return Result(str(record.id), ResultStatus.LATER, "unknown_lesson", detail)
    newest = max(known)
    record.revision = record.revision or newest
    # Nobody read a text before it was published: a clock that says so has fallen back to its start.
    earliest = known.get(min(record.revision, newest), record.effective_at)
    record.effective_at = max(record.effective_at, min(earliest, record.received_at))
    return record


def _note_device(
    batch: Batch,
    stored: Stored,
    *,
    fresh: list[Entry],
    mine: list[Entry],
    apart: Collection[int],
) -> None:
    """Note which numbers arrived, and tell whether two phones use one device id (a restored
    backup)."""
    cursor, stored.epoch = look_at_cursor(batch.member_id, batch.device_id)
    # A number that arrives for the first time cannot have two histories: usually nothing is asked.
    again = [entry for entry in fresh if entry.seq and cursor.has(entry.seq)]
    renew = bool(again) and _has_two_histories(batch, again)
    cursor.note({entry.seq for entry in mine if entry.seq} | {*apart})
    keep_cursor(cursor)
    stored.renew = renew or cursor.is_torn or _numbered_twice(fresh)
    stored.max_seq, stored.missing = cursor.max_seq, cursor.missing[:MOST_GAPS]


def _has_two_histories(batch: Batch, fresh: list[Entry]) -> bool:
    numbered = {entry.seq: entry.id for entry in fresh if entry.seq}
    others = Record.objects.filter(
        member=batch.member_id, device_id=batch.device_id, seq__in=list(numbered)
    )
    return others.exclude(pk__in=list(numbered.values())).exists()


def _numbered_twice(fresh: list[Entry]) -> bool:
    numbers = [entry.seq for entry in fresh if entry.seq]
    return len(numbers) > len(set(numbers))
