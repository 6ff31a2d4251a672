"""SQLite: its online backup, which waits for nobody and holds up nobody for long."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from studyhub.backup.snapshots import Moment, count_rows
from studyhub.core.errors import Invalid

FILE = "database.sqlite3"
COPY = "backup-copy-"
A_DAY = 24 * 3600


def versions() -> tuple[int, int]:
    """Of server and tool: the library is both, and reads every file of version 3."""
    return sqlite3.sqlite_version_info[0], sqlite3.sqlite_version_info[0]


@contextmanager
def moment() -> Iterator[Moment]:
    """A copy beside the original: encrypting it takes longer than the database may be held."""
    _clear_left_copies()
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix=COPY) as folder:
        copy = Path(folder) / FILE
        with closing(sqlite3.connect(_file())) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            rows = count_rows(lambda query: int(target.execute(query).fetchone()[0]))
        yield Moment(rows, lambda: copy.open("rb"))


@contextmanager
def loading() -> Iterator[IO[bytes]]:
    """What is written to the stream becomes the database, at once and as a whole, at the end."""
    target = Path(_file())
    half = target.with_name(target.name + ".restoring")
    try:
        with half.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        _refuse_damaged(half)
        connection.close()
        for rest in ("-wal", "-shm"):
            target.with_name(target.name + rest).unlink(missing_ok=True)
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)


def _clear_left_copies() -> None:
    """Of backups that were killed: each is as large as the database."""
    for folder in Path(settings.VAR_DIR).glob(f"{COPY}*"):
        if time.time() - folder.stat().st_mtime > A_DAY:
            shutil.rmtree(folder)


def _file() -> str:
    return str(connection.settings_dict["NAME"])


def _refuse_damaged(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file)) as database:
            said = database.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        said = str(error)
    if said != "ok":
        raise Invalid("dump_damaged", f"备份里的数据库读不出（{said}），请换一份备份。")
