"""The one INSERT into the log: it says which rows it stored, and hides nothing.

Django's ``bulk_create(ignore_conflicts=True)`` does neither. It does not say which rows were there
before, and on SQLite it leaves out in silence whatever breaks any rule of the table.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from studyhub.core.bulk_insert import insert
from studyhub.records.models import Record

logger = logging.getLogger(__name__)

AT_ONCE = 50  # rows; SQLite takes 999 values in one statement where it is old


@dataclass(slots=True)
class Entry:
    """A row of ``Record`` before it is stored: its columns, and nothing of a model."""

    id: UUID
    member_id: int
    kind: str
    lesson_key: UUID | None
    revision: int | None
    data: dict[str, Any]
    at: datetime
    effective_at: datetime
    received_at: datetime
    device_id: UUID
    seq: int | None
    content_hash: str
    source: str
    late: bool


_COLUMNS = tuple(column.name for column in fields(Entry))
_values = attrgetter(*_COLUMNS)


@dataclass
class Appended:
    """Ids by what became of them; in neither set: the id was in the log already."""

    stored: set[UUID] = field(default_factory=set)
    refused: set[UUID] = field(default_factory=set)


def append(entries: Sequence[Entry]) -> Appended:
    """Store those whose id is new. One that the database refuses does not touch the others.

    Sorted by id, so that two batches which share records wait for each other without deadlock.
    """
    ordered = sorted(entries, key=attrgetter("id"))
    appended = Appended()
    for start in range(0, len(ordered), AT_ONCE):
        _append_some(ordered[start : start + AT_ONCE], appended)
    return appended


def _append_some(entries: Sequence[Entry], appended: Appended) -> None:
    try:
        with transaction.atomic():
            appended.stored |= _insert(entries)
    except (DataError, IntegrityError):
        if len(entries) > 1:
            for entry in entries:
                _append_some([entry], appended)
            return
        # Every value was bounded before: whatever comes here is a bound that we forgot.
        logger.exception("record_not_storable", extra={"record": str(entries[0].id)})
        appended.refused.add(entries[0].id)


def _insert(entries: Sequence[Entry]) -> set[UUID]:
    rows = [_values(entry) for entry in entries]
    stored = insert(Record, _COLUMNS, rows, "(id) DO NOTHING RETURNING id")
    return {UUID(str(pk)) for (pk,) in stored}
