"""The tables that all migrations amount to, as SQL for an empty SQLite file.

Migrating takes twenty seconds, nearly all of them spent on drawing 230 states of the models.
``migrate`` runs afterwards in any case and applies what is newer, so the file may lag behind. A
test holds both ways to the same tables and rows (``tests/demo/test_tables.py``).
"""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

TABLES = Path(__file__).parent / "data" / "tables.sql"
# When each migration in the file was applied: a text in SQL, which would differ each time.
APPLIED = "'''2026-01-01 00:00:00'''"


def lay_tables() -> None:
    """Fill the default database where it is an SQLite file without any table."""
    if connection.vendor != "sqlite" or connection.introspection.table_names():
        return
    connection.ensure_connection()
    connection.connection.executescript(TABLES.read_text("utf-8"))
    connection.close()  # foreign keys were not looked at meanwhile


def read_tables(database: sqlite3.Connection) -> str:
    """The SQL that makes another database like this one. Full-text indexes must be empty."""
    lines = ["PRAGMA foreign_keys = OFF;", "BEGIN;", *_statements(database), "COMMIT;"]
    return "\n".join(lines) + "\n"


def _statements(database: sqlite3.Connection) -> Iterator[str]:
    found = database.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        " AND name NOT LIKE 'sqlite_%' ORDER BY type <> 'table', rowid"
    ).fetchall()
    full_text = [name for _, name, sql in found if sql.startswith("CREATE VIRTUAL")]
    made = [
        (kind, name, sql)
        for kind, name, sql in found
        if not any(name.startswith(f"{whole}_") for whole in full_text)
    ]
    for kind, name, sql in made:
        yield f"{_one_line(sql)};"
        if kind == "table" and name not in full_text:
            yield from _rows(database, name)


def _rows(database: sqlite3.Connection, table: str) -> Iterator[str]:
    columns = [f'"{row[1]}"' for row in database.execute(f'PRAGMA table_info("{table}")')]
    values = [f"quote({name})" for name in columns]
    if table == "django_migrations":
        values[columns.index('"applied"')] = APPLIED
    line = " || ',' || ".join(values)
    for (row,) in database.execute(f'SELECT {line} FROM "{table}" ORDER BY rowid'):  # noqa: S608
        yield f'INSERT INTO "{table}" VALUES ({row});'  # noqa: S608  our own tables


def _one_line(sql: str) -> str:
    return re.sub(r"\s*\n\s*", " ", sql)
