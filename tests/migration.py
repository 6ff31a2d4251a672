"""The tables of an app as they were, and back to today's."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps


def migrate(app: str, name: str) -> StateApps:
    """To this migration, forwards or back; returns the models of then."""
    MigrationExecutor(connection).migrate([(app, name)])
    return MigrationExecutor(connection).loader.project_state([(app, name)]).apps


def migrate_to_the_newest(app: str) -> None:
    """Whatever has been added since: other tests meet today's tables."""
    executor = MigrationExecutor(connection)
    executor.migrate([leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] == app])
