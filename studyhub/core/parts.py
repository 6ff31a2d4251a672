"""The parts that work needs, each tried without changing anything; what fails raises."""

from celery import current_app
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor

from studyhub.core.kept_files import kept_files
from studyhub.core.models import Heartbeat


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def pending_migrations(using: str = DEFAULT_DB_ALIAS) -> int:
    """How many steps the tables are behind the code."""
    executor = MigrationExecutor(connections[using])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def check_broker() -> None:
    with current_app.connection_for_write(connect_timeout=3) as broker:
        broker.ensure_connection(max_retries=1, timeout=3)


def check_worker() -> None:
    if not Heartbeat.is_alive("worker"):
        raise RuntimeError("no heartbeat from the worker")


def check_storage() -> None:
    kept_files().check()


PARTS = {
    "database": check_database,
    "broker": check_broker,
    "worker": check_worker,
    "storage": check_storage,
}
