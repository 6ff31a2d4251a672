"""One INSERT for many rows without making model instances: for what every phone asks of us.

Unlike ``bulk_create`` it says what the statement returns, and hides nothing that a rule refuses.
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models

Model = type[models.Model]
Row = Sequence[Any]  # values as a model instance would hold them, in the order of the names


def insert(model: Model, names: tuple[str, ...], rows: Sequence[Row], then: str) -> list[Any]:
    """Store the rows and return what the statement returns.

    ``names`` are attributes of the model (``member_id``), ``then`` is what follows ``ON CONFLICT``.
    Raises what the database does; then none of the rows is stored.
    """
    if connection.vendor == "postgresql":
        statement, values = _of_records(model, names), [_as_json(names, rows)]
    else:
        statement, values = _of_values(model, names, len(rows)), _prepared(model, names, rows)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} ON CONFLICT {then}", values)
        return cursor.fetchall() if "RETURNING" in then else []


def overwrite(key: Sequence[str], columns: Sequence[str]) -> str:
    """What follows ``ON CONFLICT`` where the new row counts instead of the old one."""
    assigned = ", ".join(f"{name} = excluded.{name}" for name in columns)
    return f"({', '.join(key)}) DO UPDATE SET {assigned}"


def _as_json(names: tuple[str, ...], rows: Sequence[Row]) -> str:
    """One value however many rows: the driver need not look at each."""
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=str)


@cache
def _of_records(model: Model, names: tuple[str, ...]) -> str:
    fields = _fields(model, names)
    typed = ", ".join(f"{n} {f.db_type(connection)}" for n, f in zip(names, fields, strict=True))
    picked = ", ".join(names)
    return f"{_head(model, names)} SELECT {picked} FROM json_to_recordset(%s) AS given({typed})"  # noqa: S608


def _of_values(model: Model, names: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join(['%s'] * len(names))})"
    return f"{_head(model, names)} VALUES {', '.join([row] * rows)}"


def _head(model: Model, names: tuple[str, ...]) -> str:
    """Names only, from the model; values go beside it."""
    return f"INSERT INTO {model._meta.db_table} ({', '.join(names)})"


def _prepared(model: Model, names: tuple[str, ...], rows: Sequence[Row]) -> list[Any]:
    fields = _fields(model, names)
    return [
        field.get_db_prep_save(value, connection)
        for row in rows
        for field, value in zip(fields, row, strict=True)
    ]


def _fields(model: Model, names: tuple[str, ...]) -> "list[models.Field[Any, Any]]":
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in names]
