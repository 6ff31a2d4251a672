"""One record as a phone sends it: read into an entry of the log, or refused with the reason."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from studyhub.core.errors import Invalid
from studyhub.core.ids import parse_uuid
from studyhub.core.numbers import is_whole
from studyhub.core.outside_json import clean_text
from studyhub.records.appending import Entry
from studyhub.records.kinds import (
    LATER,
    MAX_REVISION,
    BadData,
    needs_lesson,
    read_data,
    read_uuid,
)
from studyhub.records.models import Record

LATE = timedelta(days=180)
MAX_SEQ = 2**53
MAX_ID_CHARS = 64
CLOCKS = (datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC))  # fit every time zone
KINDS = frozenset(Record.Kind.values)
FIELDS = {"id", "seq", "kind", "at", "lesson_id", "revision", "data"}
_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


class ResultStatus(StrEnum):
    """What became of one record, in the words of the API."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"  # for good: sending it again changes nothing
    LATER = "later"  # the phone keeps it and sends it again


@dataclass(frozen=True)
class Result:
    """The answer for one record; ``id`` is what was sent as one, whatever that is.

    ``code`` is for programs and ``detail`` for people; both empty where the record is stored.
    """

    id: Any
    status: ResultStatus
    code: str = ""
    detail: str = ""

    @property
    def acknowledged(self) -> bool:
        """Whether the record is in the set now, from this batch or an earlier one."""
        return self.status in (ResultStatus.ACCEPTED, ResultStatus.DUPLICATE)


@dataclass(frozen=True)
class Batch:
    """What all records of a batch share."""

    member_id: int
    device_id: UUID
    source: Record.Source
    now: datetime


def refuse(record_id: Any, code: str, detail: str) -> Result:
    return Result(str(record_id), ResultStatus.REJECTED, code, detail)


def read_entry(raw: Any, batch: Batch) -> Entry | Result:
    try:
        return _read_whole(raw, batch)
    except Invalid as problem:
        sent_id = named(raw.get("id")) if isinstance(raw, dict) else None
        waits = problem.code == "not_open_yet"
        status = ResultStatus.LATER if waits else ResultStatus.REJECTED
        return Result(sent_id, status, problem.code, problem.detail)


def named(value: Any) -> str | int | None:
    """What was sent as an id, as far as an answer can carry it."""
    if isinstance(value, str):
        return clean_text(value[:MAX_ID_CHARS])
    return value if is_whole(value, -MAX_SEQ, MAX_SEQ) else None


def _read_whole(raw: Any, batch: Batch) -> Entry:
    if not isinstance(raw, dict):
        raise Invalid("bad_record", "这一条不是学习记录，请更新页面后再试。")
    if unknown := sorted(raw.keys() - FIELDS):
        raise Invalid("unknown_field", f"记录里有不认识的字段：{'、'.join(unknown)[:80]}。")
    kind = raw.get("kind")
    if isinstance(kind, str) and kind in LATER:
        raise Invalid("not_open_yet", f"{LATER[kind]}还没有开通，记录请先留在手机上。")
    if not isinstance(kind, str) or kind not in KINDS:
        raise Invalid("unknown_kind", "不认识这种学习记录，请更新页面后再试。")
    data = raw.get("data", {})
    if not isinstance(data, dict):
        raise BadData("data 应是一个对象。")
    at = read_moment(raw.get("at"))
    data = read_data(kind, data)
    lesson_key = _read_lesson(raw.get("lesson_id"), kind)
    revision = _read_number(raw.get("revision"), "revision", MAX_REVISION)
    return Entry(
        id=read_id(raw.get("id")),
        member_id=batch.member_id,
        kind=kind,
        lesson_key=lesson_key,
        revision=revision,
        data=data,
        at=at,
        effective_at=min(at, batch.now),  # and not before its text was there: see ``_pin``
        received_at=batch.now,
        device_id=batch.device_id,
        seq=_read_number(raw.get("seq"), "seq", MAX_SEQ),
        content_hash=_digest(kind, lesson_key, revision, data, at),
        source=batch.source,
        late=at < batch.now - LATE,
    )


def read_id(value: Any) -> UUID:
    found = parse_uuid(value)
    if found is None:
        raise Invalid("bad_id", "记录的标识不是有效的 UUID。")
    return found


def _read_lesson(value: Any, kind: str) -> UUID | None:
    if value is None and not needs_lesson(kind):
        return None
    return read_uuid(value, "lesson_id")


def _read_number(value: Any, name: str, largest: int) -> int | None:
    """``seq`` and ``revision`` may be left out (forms, marks), but not be nonsense."""
    if value is None:
        return None
    if not is_whole(value, 1, largest):
        raise Invalid(f"bad_{name}", f"{name} 应是正整数。")
    return value


def read_moment(value: Any) -> datetime:
    """ISO 8601 with a zone; a clock that is wrong is corrected later, never a reason to refuse."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None:
            utc = moment.astimezone(UTC)
            if CLOCKS[0] <= utc <= CLOCKS[1]:
                return utc
    except (ValueError, OverflowError):
        pass
    raise Invalid("bad_time", "记录的时间应是带时区的 ISO 8601 时间。")


def _digest(
    kind: str, lesson_key: UUID | None, revision: int | None, data: Any, at: datetime
) -> str:
    """Equal for the same record sent again; what differs is a different record under a used id."""
    content = _canonical([kind, str(lesson_key), revision, data, at.isoformat()])
    return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()
