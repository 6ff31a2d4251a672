"""The one INSERT into the log: it says which rows it stored, and hides nothing.

Django's ``bulk_create(ignore_conflicts=True)`` does neither. It does not say which rows were there
before, and on SQLite it leaves out in silence whatever breaks any rule of the table.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, connection, models, transaction

from studyhub.records.models import Record

logger = logging.getLogger(__name__)

AT_ONCE = 50  # rows; SQLite takes 999 values in one statement where it is old


@dataclass
class Appended:
    """Ids by what became of them; in neither set: the id was in the log already."""

    stored: set[UUID] = field(default_factory=set)
    refused: set[UUID] = field(default_factory=set)


def append(records: Sequence[Record]) -> Appended:
    """Store those whose id is new. One that the database refuses does not touch the others.

    Sorted by id, so that two batches which share records wait for each other without deadlock.
    """
    ordered = sorted(records, key=lambda record: record.pk)
    appended = Appended()
    for start in range(0, len(ordered), AT_ONCE):
        _append_some(ordered[start : start + AT_ONCE], appended)
    return appended


def _append_some(records: Sequence[Record], appended: Appended) -> None:
    try:
        with transaction.atomic():
            appended.stored |= _insert(records)
    except (DataError, IntegrityError):
        if len(records) > 1:
            for record in records:
                _append_some([record], appended)
            return
        # Every value was bounded before: whatever comes here is a bound that we forgot.
        logger.exception("record_not_storable", extra={"record": str(records[0].pk)})
        appended.refused.add(records[0].pk)


def _insert(records: Sequence[Record]) -> set[UUID]:
    fields = Record._meta.concrete_fields
    columns = [_prepared(field, records) for field in fields]
    values = [value for row in zip(*columns, strict=True) for value in row]
    with connection.cursor() as cursor:
        cursor.execute(_statement([str(field.column) for field in fields], len(records)), values)
        return {UUID(str(pk)) for (pk,) in cursor.fetchall()}


def _prepared(field: models.Field[Any, Any], records: Sequence[Record]) -> list[Any]:
    """One column as the database takes it; most hold a few values in a whole batch."""
    made: dict[Any, Any] = {}
    column = []
    for record in records:
        value = getattr(record, field.attname)
        key = id(value)  # the records keep it alive
        if key not in made:
            made[key] = field.get_db_prep_save(value, connection)
        column.append(made[key])
    return column


def _statement(columns: Sequence[str], rows: int) -> str:
    """Names only, from the model; values go beside it."""
    row = f"({', '.join(['%s'] * len(columns))})"
    named = ", ".join(map(connection.ops.quote_name, columns))
    table = connection.ops.quote_name(Record._meta.db_table)
    return (
        f"INSERT INTO {table} ({named}) VALUES {', '.join([row] * rows)}"  # noqa: S608
        " ON CONFLICT (id) DO NOTHING RETURNING id"
    )
