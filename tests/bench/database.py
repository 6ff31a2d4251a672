"""A PostgreSQL database for one measurement, dropped afterwards."""

import contextlib
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg

ADMIN = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"


def available() -> bool:
    try:
        admin().close()
    except psycopg.OperationalError:
        return False
    return True


@contextlib.contextmanager
def bench_database(name: str) -> Iterator[str]:
    on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    on_server(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(ADMIN)._replace(path=f"/{name}").geturl()
    finally:
        on_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def on_server(statement: str) -> None:
    with admin() as server:
        server.execute(statement.encode())


def admin() -> "psycopg.Connection[tuple[object, ...]]":
    address = urlsplit(ADMIN)._replace(scheme="postgresql").geturl()
    return psycopg.connect(address, autocommit=True, connect_timeout=3)
