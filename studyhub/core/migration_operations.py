"""Operations of migrations that leave people at work alone (decision 0026)."""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex, AlterField
from django.db.migrations.operations.base import Operation
from django.db.models import Model


class AddIndexAside(AddIndexConcurrently):
    """An index made while everybody goes on writing; on SQLite, which has one writer, as any other.

    For a migration with ``atomic = False``. Safe to repeat: what a run that was broken off left,
    the database keeps as an invalid index.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            AddIndex.database_forwards(self, app_label, schema_editor, *states)
            return
        name = schema_editor.quote_name(self.index.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        super().database_forwards(app_label, schema_editor, *states)

    def database_backwards(self, app_label: str, schema_editor: Any, *states: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, *states)
        else:
            AddIndex.database_backwards(self, app_label, schema_editor, *states)


class WithoutOwnIndex(AlterField):
    """The field becomes ``db_index=False``: another index begins with its column.

    Nothing else is done. ``AlterField`` would make the foreign key anew, for which every row is
    looked at under a lock, and on SQLite it would copy the table.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        _drop_own_indexes(schema_editor, model, self.name)

    def database_backwards(self, *told: Any) -> None:
        """Nothing is missed that was not there twice."""


class DropPatternIndexes(Operation):
    """What Django makes beside a unique text for ``LIKE 'x%'`` on PostgreSQL; nobody asks so."""

    reversible = True

    def __init__(self, model_name: str, *names: str) -> None:
        self.model_name, self.names = model_name, names

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Django does not know of these indexes."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for name in self.names:
            _drop_own_indexes(schema_editor, model, name)

    def database_backwards(self, *told: Any) -> None:
        """Nothing is missed that was not there twice."""

    def describe(self) -> str:
        return f"Drop indexes for patterns of {self.model_name}: {', '.join(self.names)}"


def _drop_own_indexes(schema_editor: Any, model: type[Model], name: str) -> None:
    """Those of the column alone that no ``Meta.indexes`` names; what is unique stays."""
    field: Any = model._meta.get_field(name)
    named = [index.name for index in model._meta.indexes]
    found = schema_editor._constraint_names(
        model,
        [field.column],
        index=True,
        unique=False,
        primary_key=False,
        exclude=named,
    )
    for index in found:
        schema_editor.execute(f"DROP INDEX IF EXISTS {schema_editor.quote_name(index)}")
