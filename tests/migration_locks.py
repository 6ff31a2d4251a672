"""What a migration's SQL for PostgreSQL would lock for long, read without a server.

django-migration-linter knows neither which tables are large nor that a lock lasts until the end of
its transaction (decision 0026).
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import Any

from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.postgresql.introspection import DatabaseIntrospection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython, RunSQL

# Millions of rows where a province studies; people are some hundred thousand.
LARGE = frozenset(
    {"records_record", "records_devicecursor", "learning_progress", "people_recordview"}
)
CREATED = re.compile(r'CREATE TABLE "(\w+)"')
CHANGED = re.compile(r'(?:ALTER TABLE|INDEX (?:CONCURRENTLY )?"\w+" ON) "?(\w+)')
# What scans or rewrites the table while nobody may write to it, and what to do instead.
LONG = {
    r"CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)": "AddIndexConcurrently, in a migration without a "
    "transaction",
    r"ADD CONSTRAINT .* (CHECK|FOREIGN KEY)(?!.*NOT VALID)": "AddConstraintNotValid, and "
    "ValidateConstraint in the next migration",
    r"ADD CONSTRAINT .* (UNIQUE|EXCLUDE|PRIMARY KEY) ?(?!.*USING INDEX)": "the index first, "
    "concurrently, then the constraint USING INDEX",
    r"ADD COLUMN .* REFERENCES": "the column without the key first, then the key NOT VALID",
    r"ADD COLUMN .* (UNIQUE|CHECK)": "the column first, then its constraint as above",
    r"ALTER COLUMN .* (TYPE|SET NOT NULL)": "a new column, filled apart, or a CHECK NOT VALID",
}


class _Editor(DatabaseSchemaEditor):
    def quote_value(self, value: Any) -> str:
        return f"'{value}'"


class _Operations(DatabaseOperations):
    def compose_sql(self, sql: str, params: Sequence[Any]) -> str:
        return sql % tuple(f"'{value}'" for value in params)


class _Introspection(DatabaseIntrospection):
    def get_constraints(self, cursor: Any, table_name: str) -> dict[str, Any]:
        return {}


class _Server(DatabaseWrapper):
    """A PostgreSQL that only has a name: it is told SQL and has nothing to tell."""

    SchemaEditorClass = _Editor
    ops_class = _Operations
    introspection_class = _Introspection
    pg_version = 150000

    def cursor(self) -> Any:
        return nullcontext()


def loader() -> MigrationLoader:
    described = {**connection.settings_dict, "ENGINE": "django.db.backends.postgresql"}
    known = MigrationLoader(None)
    known.connection = _Server(described, "default")
    return known


def long_locks(known: MigrationLoader, migration: Migration) -> list[str]:
    """In words, each with what to do instead."""
    statements = _sql(known, migration)
    return [*_of_statements(statements), *_held(migration, statements)]


def unwritable(known: MigrationLoader, migration: Migration) -> set[str]:
    """Columns that the version before, still running while tables are migrated, leaves empty."""
    text = "\n".join(_sql(known, migration))
    new = set(CREATED.findall(text))
    added = re.findall(r'ALTER TABLE "(\w+)" ADD COLUMN "(\w+)" .* NOT NULL', text)
    dropped = set(re.findall(r'ALTER TABLE "(\w+)" ALTER COLUMN "(\w+)" DROP DEFAULT', text))
    return {".".join(one) for one in added if one in dropped and one[0] not in new}


def _sql(known: MigrationLoader, migration: Migration) -> list[str]:
    """Also of one that is no file: it stands upon what it names."""
    key = (migration.app_label, migration.name)
    if key in known.graph.nodes:
        state = known.project_state(key, at_end=False)
    else:
        state = known.project_state(migration.dependencies)
    with known.connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(state, editor, collect_sql=True)
    return [line for line in editor.collected_sql if not line.startswith("--")]


def _of_statements(statements: list[str]) -> Iterator[str]:
    new = set(CREATED.findall("\n".join(statements)))
    for statement in statements:
        tables = LARGE & set(CHANGED.findall(statement)) - new
        for pattern, instead in LONG.items():
            if tables and re.search(pattern, statement):
                yield f"{statement}  ->  {instead}"


def _held(migration: Migration, statements: list[str]) -> Iterator[str]:
    """A lock of ALTER TABLE lasts until the rows beside it have been gone through."""
    text = "\n".join(statements)
    tables = LARGE & set(re.findall(r'ALTER TABLE "(\w+)', text)) - set(CREATED.findall(text))
    fills = any(isinstance(one, (RunPython, RunSQL)) for one in migration.operations)
    if tables and fills and migration.atomic:
        yield f"{', '.join(sorted(tables))} stays locked  ->  fill rows in a migration of their own"
