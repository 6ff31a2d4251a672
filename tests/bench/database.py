"""A PostgreSQL database for one measurement, dropped afterwards."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.bench.servers import ROOT, environment, free_port, manage

ADMIN = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"


PLACE = hashlib.sha256(str(ROOT).encode()).hexdigest()[:6]


def of_this_checkout(name: str) -> str:
    """A database's name that no other checkout on this machine uses."""
    return f"{name}_{PLACE}"


def available() -> bool:
    try:
        admin().close()
    except psycopg.OperationalError:
        return False
    return True


@contextlib.contextmanager
def bench_database(name: str) -> Iterator[str]:
    name = of_this_checkout(name)
    make_database(name)
    try:
        yield urlsplit(ADMIN)._replace(path=f"/{name}").geturl()
    finally:
        drop_database(name)


@contextlib.contextmanager
def bench_product(name: str, *, demo: bool = True) -> Iterator[tuple[dict[str, str], str]]:
    """Migrated, on a database of its own: its environment, and the database's address."""
    with bench_database(f"studyhub_bench_{name}") as url, tempfile.TemporaryDirectory() as var:
        env = environment(Path(var), free_port(), url)
        manage(env, "migrate", "--verbosity", "0")
        if demo:
            manage(env, "demo")
        yield env, url


def make_database(name: str, template: str = "template1") -> None:
    """Anew, as a copy of the template."""
    drop_database(name)
    on_server(f"CREATE DATABASE {name} TEMPLATE {template}")


def drop_database(name: str) -> None:
    on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def on_server(statement: str) -> None:
    with admin() as server:
        server.execute(statement.encode())


def admin() -> "psycopg.Connection[tuple[object, ...]]":
    address = urlsplit(ADMIN)._replace(scheme="postgresql").geturl()
    return psycopg.connect(address, autocommit=True, connect_timeout=3)
