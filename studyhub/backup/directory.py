"""The folder in which backups lie: one folder each, named by the moment it was begun.

A backup that is being made has another name and gets its own when it is whole and on the disk, so
half a backup is never taken for one. One is deleted under another name too.
"""

import contextlib
import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from studyhub.backup import manifest
from studyhub.backup.locks import held
from studyhub.core.errors import Conflict

_WHOLE = re.compile(r"\d{8}-\d{6}")
_FORM = "%Y%m%d-%H%M%S"
PARTIAL, DELETED = ".partial", ".deleted"
FAILURE = "last-failure.json"
LOCK = ".lock"


def whole_backups(directory: Path) -> list[Path]:
    """The oldest first."""
    if not directory.is_dir():
        return []
    named = [path for path in directory.iterdir() if _WHOLE.fullmatch(path.name)]
    return sorted(path for path in named if (path / manifest.NAME).is_file())


def newest(directory: Path) -> Path | None:
    return next(reversed(whole_backups(directory)), None)


def find_backup(path: Path) -> Path:
    """The backup itself, or the newest of those that lie in the folder."""
    return path if (path / manifest.NAME).exists() else (newest(path) or path)


def begun_at(backup: Path) -> datetime:
    return datetime.strptime(backup.name, _FORM).replace(tzinfo=UTC)


def only_one(directory: Path) -> AbstractContextManager[None]:
    """Raises Conflict while another backup is being made here."""
    running = Conflict("backup_running", f"{directory} 里正在做另一份备份，等它做完再来。")
    return held(directory / LOCK, running)


@contextlib.contextmanager
def new_backup(directory: Path) -> Iterator[Path]:
    """A folder to fill; it gets its name at the end, and goes away if the end is not reached."""
    for left in [*directory.glob(f"*{PARTIAL}"), *directory.glob(f"*{DELETED}")]:
        shutil.rmtree(left)
    whole = _free_name(directory)
    partial = whole.with_name(whole.name + PARTIAL)
    partial.mkdir(mode=0o700)
    try:
        yield partial
        _settle(partial, whole)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def is_cut_off(directory: Path) -> bool:
    """Whether a backup was begun here and nobody is at it any more."""
    if not any(directory.glob(f"*{PARTIAL}")):
        return False
    try:
        with (directory / LOCK).open() as lock:  # who only looks may not be allowed to write here
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except FileNotFoundError:
        return True
    return any(directory.glob(f"*{PARTIAL}"))


def retire(directory: Path, keep: int) -> list[Path]:
    """Delete all but the newest ``keep`` backups, of which there is one at least."""
    old = whole_backups(directory)[: -max(keep, 1)]
    for backup in old:
        condemned = backup.with_name(backup.name + DELETED)
        backup.rename(condemned)
        shutil.rmtree(condemned)
    return old


def note_failure(directory: Path, why: str) -> None:
    """For the doctor. Where even this cannot be written, the age of the newest one tells."""
    told = {"at": timezone.now().isoformat(), "why": why}
    with contextlib.suppress(OSError):
        (directory / FAILURE).write_text(json.dumps(told, ensure_ascii=False), "utf-8")


def last_failure(directory: Path) -> tuple[datetime, str] | None:
    try:
        told = json.loads((directory / FAILURE).read_text("utf-8"))
        return datetime.fromisoformat(told["at"]), str(told["why"])
    except (OSError, ValueError, KeyError):
        return None


def sync(path: Path) -> None:
    """Whatever was written to this file, or which names this folder holds, survives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _free_name(directory: Path) -> Path:
    """By the second, in which another may have been made."""
    moment = timezone.now().astimezone(UTC)
    while (directory / moment.strftime(_FORM)).exists():
        moment += timedelta(seconds=1)
    return directory / moment.strftime(_FORM)


def _settle(partial: Path, whole: Path) -> None:
    for folder, _, _ in os.walk(partial):
        sync(Path(folder))
    partial.rename(whole)
    sync(whole.parent)
