"""One moment of a database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO

from django.db import connection


@dataclass(frozen=True)
class Moment:
    """How many rows each table has at this moment, and a stream of all of them."""

    rows: dict[str, int]
    dump: Callable[[], AbstractContextManager[IO[bytes]]]


def count_rows(fetch: Callable[[str], int]) -> dict[str, int]:
    """Of every table; ``fetch`` asks the database of that moment."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
    return {name: fetch(f'SELECT count(*) FROM "{name}"') for name in tables}  # noqa: S608  ours
