"""The tests' database: migrated once, with the fixed pages in it, and copied for each test process.

Migrating takes some twenty seconds and every test process needs a database of its own. The template
stays under ``var/tests`` (on PostgreSQL: in a database of a fixed name) and is made anew when a
migration, a locked library or the fixed pages change.
"""

import contextlib
import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.bench.database import admin, drop_database, make_database, of_this_checkout, on_server
from tests.factories import a_tree

KEPT = Path(settings.BASE_DIR) / "var" / "tests"
TEMPLATE = of_this_checkout("studyhub_test_template")
SHAPES = (
    "uv.lock",
    "studyhub/**/migrations/0*.py",
    "content/migrations/0*.py",
    "content/fixed_pages.py",
    "studyhub/people/roles.py",
    "tests/database.py",
    "tests/factories.py",
)


@contextlib.contextmanager
def own_database(worker: str) -> Iterator[None]:
    """The default connection on a fresh copy of the template, until the end."""
    original = connection.settings_dict["NAME"]
    copy = _sqlite_copy if connection.vendor == "sqlite" else _postgresql_copy
    try:
        with lock("database"):
            _connect_to(copy(worker))
        yield
    finally:
        _connect_to(original)
        if connection.vendor == "postgresql":
            drop_database(_own(worker))


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """One test process at a time."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _sqlite_copy(worker: str) -> str:
    return str(shutil.copy(sqlite_template(), Path(settings.VAR_DIR) / f"test-{worker}.sqlite3"))


def sqlite_template() -> Path:
    """The file that is copied; made where it is missing. Hold the lock of the database."""
    template = KEPT / f"{_state_of_the_shapes()}.sqlite3"
    if not template.exists():
        for old in KEPT.glob("*.sqlite3*"):
            old.unlink()
        half = KEPT / "half.sqlite3"
        _connect_to(str(half))
        _fill()
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        half.rename(template)
    return template


def _postgresql_copy(worker: str) -> str:
    state = _state_of_the_shapes()
    if _comment_on_the_template() != state:
        make_database(TEMPLATE)
        _connect_to(TEMPLATE)
        _fill()
        connection.close()
        on_server(f"COMMENT ON DATABASE {TEMPLATE} IS '{state}'")
    own = _own(worker)
    make_database(own, TEMPLATE)
    return own


def _own(worker: str) -> str:
    return of_this_checkout(f"test_studyhub_{worker}")


def _fill() -> None:
    call_command("migrate", verbosity=0)
    a_tree()


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def _comment_on_the_template() -> str:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    with admin() as server:
        row = server.execute(query, [TEMPLATE]).fetchone()
    return str(row[0]) if row else ""


def _state_of_the_shapes() -> str:
    digest = hashlib.sha256()
    for pattern in SHAPES:
        for path in sorted(Path(settings.BASE_DIR).glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
