"""Which kind of database there is; each kind's module has the same functions."""

from types import ModuleType

from django.db import connection

from studyhub.backup import postgresql, sqlite

_ENGINES: dict[str, ModuleType] = {"postgresql": postgresql, "sqlite": sqlite}
NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


def engine() -> ModuleType:
    return _ENGINES[connection.vendor]
