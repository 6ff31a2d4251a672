"""Which migrations and keys a backup was written under."""

import hashlib

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def applied_migrations() -> list[str]:
    """Those of this database, as ``app.name``."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def known_migrations() -> set[str]:
    """Those this program has, and those that it has put together."""
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    replaced = {key for migration in disk.values() for key in migration.replaces}
    return {f"{app}.{name}" for app, name in {*disk, *replaced}}


def newer_migrations() -> list[str]:
    """Those of this database that come after the last this program has: the program is the older.

    Earlier ones it lacks are a library's, put together and dropped since.
    """
    known = known_migrations()
    last = {name.split(".")[0]: name for name in sorted(known)}
    unknown = [name for name in applied_migrations() if name not in known]
    return [name for name in unknown if name > last.get(name.split(".")[0], name)]


def fingerprint(key: str) -> str:
    """Enough to tell a key by, and nothing to guess it from: the keys are random."""
    return hashlib.sha256(f"studyhub backup {key}".encode()).hexdigest()[:16]


def field_key_fingerprints() -> list[str]:
    return [fingerprint(key) for key in settings.FIELD_KEYS]


def secret_key_fingerprint() -> str:
    return fingerprint(settings.SECRET_KEY)
