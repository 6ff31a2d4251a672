"""The demo's tables are read from a file; they are what migrations give.

After new migrations: STUDYHUB_WRITE_SNAPSHOT=1 pytest tests/demo/test_tables.py
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from studyhub.demo.tables import TABLES, read_tables
from tests.bench.servers import environment, manage
from tests.database import lock, sqlite_template

# The fixed pages have keys, moments and an address of their own in each database; that they were
# made is told as a change of what is shown.
PAGES = ("wagtailcore_page", "wagtailcore_site", "content_", "stored_pages_")
WRITE = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from studyhub.demo.tables import TABLES, read_tables
with translation.override(None):  # as the command does it
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
TABLES.write_text(read_tables(connection.connection), "utf-8")
"""
LAY = """
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from studyhub.demo.tables import lay_tables
lay_tables()
executor = MigrationExecutor(connection)
plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
call_command("migrate", verbosity=0)
print("NEWER", len(plan))
"""

pytestmark = [pytest.mark.slow, pytest.mark.once]


@pytest.fixture(scope="module")
def laid(tmp_path_factory) -> tuple[Path, int]:
    """A database begun with the file, and how many migrations were newer."""
    folder = tmp_path_factory.mktemp("laid")
    if os.environ.get("STUDYHUB_WRITE_SNAPSHOT"):
        manage(environment(folder / "new", 0), "shell", "-v", "0", "-c", WRITE)
    as_in_tests = environment(folder, 0) | {"STUDYHUB_REVIEW_LEVELS": "0"}
    told = manage(as_in_tests, "shell", "-v", "0", "-c", LAY)
    return folder / "studyhub.sqlite3", int(told.split("NEWER")[1])


def content_of(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as database:
        lines = read_tables(database).splitlines()
    return {x for x in lines if not x.startswith(tuple(f'INSERT INTO "{page}' for page in PAGES))}


def test_the_laid_tables_and_their_rows_are_those_of_all_migrations(laid, django_db_setup):
    with lock("database"):
        migrated = content_of(sqlite_template())
    assert content_of(laid[0]) == migrated


def test_the_file_is_not_far_behind(laid):
    """Each newer migration makes the first start slower again, by a quarter of a second."""
    assert laid[1] <= 10


def test_nothing_in_the_file_is_newer_than_the_code(laid):
    with closing(sqlite3.connect(laid[0])) as database:
        applied = database.execute("SELECT count(*) FROM django_migrations").fetchone()[0]
    assert TABLES.read_text("utf-8").count('INSERT INTO "django_migrations"') == applied - laid[1]
