"""A PostgreSQL database for one measurement, dropped afterwards."""

import contextlib
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg

ADMIN = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"


def available() -> bool:
    try:
        _admin().close()
    except psycopg.OperationalError:
        return False
    return True


@contextlib.contextmanager
def bench_database(name: str) -> Iterator[str]:
    with _admin() as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(ADMIN)._replace(path=f"/{name}").geturl()
    finally:
        with _admin() as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _admin() -> "psycopg.Connection[tuple[object, ...]]":
    address = ADMIN.replace("postgres://", "postgresql://")
    return psycopg.connect(address, autocommit=True, connect_timeout=3)
