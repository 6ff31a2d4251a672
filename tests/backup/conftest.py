"""A whole system of one's own: database, state folder, media, backups. What is done to it stays."""

import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection

from studyhub.backup import postgresql
from studyhub.core.models import Heartbeat
from studyhub.people.models import Branch, Member, User
from tests.database import own_database


class System:
    """One machine: what runs on it, and what becomes of it."""

    def __init__(self, folder: Path) -> None:
        self.media, self.backups, self.var = folder / "media", folder / "backups", folder / "var"
        self.var.mkdir()

    def run(self, *words: str, **options: object) -> str:
        out = StringIO()
        call_command(*words, stdout=out, **options)
        return out.getvalue()

    def backup(self, **options: object) -> Path:
        self.run("backup", str(self.backups), **options)
        return max(path for path in self.backups.iterdir() if path.is_dir())

    def restore(self, folder: Path | None = None, **options: object) -> str:
        return self.run("restore", str(folder or self.backups), **options)

    def file(self, name: str, content: bytes = b"picture") -> Path:
        path = self.media / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def destroy(self) -> None:
        """The disk with database and media is gone; that with the backups is not."""
        shutil.rmtree(self.media, ignore_errors=True)
        if connection.vendor == "postgresql":
            postgresql._wipe()
            return
        connection.close()
        name = Path(connection.settings_dict["NAME"])
        for file in name.parent.glob(f"{name.name}*"):
            file.unlink()


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker, worker_id) -> Iterator[None]:
    """For the tests of a module that leave its tables as they are."""
    with django_db_blocker.unblock(), own_database(f"backup_{worker_id}"):
        yield


@pytest.fixture
def system(database, settings, tmp_path) -> Iterator[System]:
    """With the module's database, from which what tests put in goes at the end."""
    yield _placed(settings, tmp_path)
    for model in (Member, User, Branch, Heartbeat, Session):
        model.objects.all().delete()


@pytest.fixture
def own_system(
    django_db_setup, django_db_blocker, worker_id, settings, tmp_path
) -> Iterator[System]:
    """With a database of its own, to be lost and restored."""
    with django_db_blocker.unblock(), own_database(f"backup_own_{worker_id}"):
        yield _placed(settings, tmp_path)


def _placed(settings, folder: Path) -> System:
    made = System(folder)
    settings.MEDIA_ROOT, settings.BACKUP_DIR = made.media, made.backups
    settings.VAR_DIR = made.var
    return made
