"""Bringing a backup back into an empty system.

Everything that can be known beforehand is looked at first. From the first change to the last a
marker stands in the state folder: web, worker and scheduler refuse to start, and the same command
begins anew.
"""

import shutil
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.management import call_command
from django.db import connection

from studyhub.backup import checks, encryption, ledgers, media
from studyhub.backup.engines import engine
from studyhub.backup.locks import held
from studyhub.backup.manifest import Manifest, StoredFile, read_manifest
from studyhub.backup.snapshots import count_rows
from studyhub.backup.streams import Counted, Say
from studyhub.core import parts
from studyhub.core.errors import Conflict, Invalid
from studyhub.core.unfinished import restore_marker
from studyhub.people import erasure
from studyhub.people.encrypted import clear_unreadable
from studyhub.records.models import Epoch

REASON = "从备份恢复"
LOCK = "restore.lock"
SAY_EVERY = 2000  # files
Step = tuple[str, str, dict[str, bool]]
# Derived from what was restored; each may be repeated.
REBUILT: tuple[Step, ...] = (
    ("重建搜索", "rebuild_search", {}),
    ("重建离线包", "build_packs", {}),
    ("核对学习计数", "verify_counters", {"repair": True}),
)
# Rows and records are of the same moment, so nothing should differ: a look at each takes its time.
VERIFIED: Step = ("核对学习进度", "verify_progress", {"repair": True})


@dataclass(frozen=True)
class Choices:
    """What the operator said beside the folder; ``key`` is the private one of the backup."""

    key: str = ""
    lost_keys: bool = False
    without_erasures: bool = False
    quick: bool = False


def only_one() -> AbstractContextManager[None]:
    """Raises Conflict while another restore is at work here: the marker is that one's."""
    running = Conflict(
        "restore_running", "这台机器上有另一个恢复正在做，等它做完再来。这一次什么也没有动。"
    )
    return held(restore_marker().with_name(LOCK), running)


def restore(folder: Path, choices: Choices, say: Say) -> None:
    """All of it, or nothing that anybody could begin to work with; to be called as ``only_one``."""
    manifest = read_manifest(folder)
    found = _look(folder, manifest, choices, say)
    marker = restore_marker()
    _stage_media(folder, manifest, choices.key, say)
    marker.write_text(checks.place(), "utf-8")
    _load_database(folder, manifest, choices.key, say)
    _place_media()
    _bring_up_to_date(found, choices, say)
    marker.unlink()


def check(folder: Path, choices: Choices, say: Say) -> None:
    """Whether it could be restored here, were this an empty system; nothing is changed."""
    manifest = read_manifest(folder)
    _look_at_backup(folder, manifest, choices)
    checks.check_files(folder, manifest, say)


def _look(folder: Path, manifest: Manifest, choices: Choices, say: Say) -> list[Path]:
    """Raises where anything stands in the way; the ledgers of erasures that were found."""
    found = _look_at_backup(folder, manifest, choices)
    if not checks.is_begun_here():
        checks.check_empty()
    checks.check_room(manifest)
    checks.check_files(folder, manifest, say)
    return found


def _look_at_backup(folder: Path, manifest: Manifest, choices: Choices) -> list[Path]:
    checks.check_fit(manifest)
    if manifest.recipient:
        _check_key(manifest, choices.key)
    if not choices.lost_keys:
        checks.check_keys(manifest)
    return ledgers.look_at(folder, manifest, without=choices.without_erasures)


def _check_key(manifest: Manifest, key: str) -> None:
    if not key:
        raise Invalid(
            "key_needed",
            "这份备份是加密的，请加 --key-file，写私钥文件的位置（私钥不在服务器上）。",
        )
    encryption.check_key(key, manifest.sealed_word)


def _stage_media(folder: Path, manifest: Manifest, key: str, say: Say) -> None:
    """Beside where they will be, so that a full disk is met before the database is touched."""
    say(f"1/4 图片、录音、离线包（{len(manifest.media):,} 个文件）……")
    staged = media.folder() / media.RESTORING
    shutil.rmtree(staged, ignore_errors=True)
    try:
        for number, file in enumerate(manifest.media, start=1):
            if number % SAY_EVERY == 0:
                say(f"    {number:,} 个 ……")
            target = staged / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as stream:
                _read(folder, file.stored, stream, key if manifest.recipient else "")
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise


def _load_database(folder: Path, manifest: Manifest, key: str, say: Say) -> None:
    say(f"2/4 数据库（{sum(manifest.rows.values()):,} 行）……")
    with engine().loading() as stream:
        _read(folder, manifest.database, stream, key if manifest.recipient else "", say)
    with connection.cursor() as cursor:

        def fetch(query: str) -> int:
            cursor.execute(query)
            return int(cursor.fetchone()[0])

        rows = count_rows(fetch)
    if wrong := [table for table, count in manifest.rows.items() if rows.get(table) != count]:
        raise Invalid(
            "rows_differ", f"恢复出来的行数和备份时不一样（{wrong[0]}）。请换一份备份再恢复。"
        )


def _place_media() -> None:
    """What lay there of a restore that was cut off goes away first."""
    root, staged = media.folder(), media.folder() / media.RESTORING
    root.mkdir(parents=True, exist_ok=True)
    for left in root.iterdir():
        if left != staged:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    if staged.exists():
        for entry in staged.iterdir():
            entry.rename(root / entry.name)
        staged.rmdir()


def _bring_up_to_date(found: list[Path], choices: Choices, say: Say) -> None:
    say("3/4 升级数据库，开始新的数据纪元，再次删去已注销的人 ……")
    if parts.pending_migrations():
        say("    备份是旧程序做的，数据库这就升级；做完以后请再运行一次 manage.py upgrade")
    call_command("migrate", interactive=False, verbosity=0)
    epoch = Epoch.begin(REASON)
    erased = erasure.erase_again(found)
    say(f"    数据纪元 {epoch.number}；注销名册里的 {erased} 人又删了一次")
    if choices.lost_keys:
        say(f"    清空了 {clear_unreadable()} 处读不出的内容")
    for what, command, options in (*REBUILT, *(() if choices.quick else (VERIFIED,))):
        say(f"4/4 {what} ……")
        call_command(command, verbosity=0, **options)


def _read(
    folder: Path, file: StoredFile, stream: IO[bytes], key: str, say: Say | None = None
) -> None:
    with (folder / file.path).open("rb") as source:
        encryption.unseal(Counted(source, say), Counted(stream), key)
