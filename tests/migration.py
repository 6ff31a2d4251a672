"""The tables of an app as they were, and back to today's."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps


def migrate(app: str, name: str) -> StateApps:
    """To this migration, forwards or back; returns the models of then."""
    MigrationExecutor(connection).migrate([(app, name)])
    return MigrationExecutor(connection).loader.project_state([(app, name)]).apps


def migrate_to_the_newest() -> None:
    """Every app: going back took along those that build on it."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
