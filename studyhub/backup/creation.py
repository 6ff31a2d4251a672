"""Making a backup: database, then files, then the list of both."""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial as given
from pathlib import Path
from typing import IO

from django.db import connection
from django.utils import timezone

from studyhub.backup import directory, encryption, manifest, media, origin
from studyhub.backup.engines import engine
from studyhub.backup.manifest import DatabaseFacts, Manifest, MediaFile, StoredFile
from studyhub.backup.streams import Counted, Say, digest_of, shown_bytes
from studyhub.core.errors import Conflict, Invalid
from studyhub.core.unfinished import restore_marker
from studyhub.core.version import version
from studyhub.people import erasure_ledger
from studyhub.records.models import Epoch

MEDIA = "media"
SAY_EVERY = 2000  # files


def back_up(to: Path, *, recipient: str, keep: int, say: Say) -> Path:
    """A new backup in the folder ``to``; of all there the newest ``keep`` stay."""
    encryption.check_recipient(recipient)
    _refuse_half_restored()
    ledger = erasure_ledger.copy_ledger(to)
    with directory.new_backup(to) as folder:
        made = _fill(folder, _last_of(to), ledger, recipient, say)
    whole = folder.with_suffix("")
    say(f"备份好了：{whole}（{shown_bytes(made.total_bytes())}）。")
    for gone in directory.retire(to, keep):
        say(f"删去了旧的备份 {gone.name}。")
    return whole


def _refuse_half_restored() -> None:
    """It would be the newest backup, and the old ones go in time."""
    if restore_marker().exists():
        raise Conflict(
            "restore_unfinished",
            "从备份恢复没有做完，现在的数据只有一半。请先再执行一次同样的 manage.py restore。",
        )


def refuse_place(to: Path) -> None:
    """Asked before anything is put there."""
    if to.resolve().is_relative_to(media.folder().resolve()):
        raise Invalid(
            "inside_media",
            f"{to} 在媒体目录里，备份会把备份也备份进去，而且人人可以下载。请换一个目录。",
        )


@dataclass(frozen=True)
class Last:
    """The last backup: its files need not be copied again where they are the same."""

    folder: Path
    recipient: str = ""
    stored: dict[str, StoredFile] = field(default_factory=dict)
    erasures: int = 0

    def link(self, name: str, source: Path, target: Path) -> StoredFile | None:
        """The same bytes under a second name. What has rotted on the disk is not passed on."""
        known = self.stored.get(name)
        if not known or digest_of(source) != known.content_sha256:
            return None
        with suppress(OSError):  # a file system without links: it is copied
            if digest_of(self.folder / known.path) == known.sha256:
                target.hardlink_to(self.folder / known.path)
                return known
        return None


def _last_of(to: Path) -> Last:
    folder = directory.newest(to)
    with suppress(Invalid):  # unreadable: of no use here, and said at a restore
        if folder:
            read = manifest.read_manifest(folder)
            stored = {file.name: file.stored for file in read.media}
            return Last(folder, read.recipient, stored, read.erasures)
    return Last(to)


def _fill(folder: Path, last: Last, ledger: Path, recipient: str, say: Say) -> Manifest:
    server, tool = engine().versions()
    with engine().moment() as moment:
        say("1/2 数据库 ……")
        store = given(_store, folder, recipient=recipient, say=say)
        with moment.dump() as stream:
            database = store(engine().FILE, stream)
        facts = {
            "program": version(),
            "made_at": timezone.now(),
            "migrations": origin.applied_migrations(),
            "epoch": Epoch.current(),
            "erasures": max(last.erasures, len(erasure_ledger.noted_in([ledger]))),
            "rows": moment.rows,
        }
    say(f"    {shown_bytes(database.bytes)}，{sum(moment.rows.values()):,} 行")
    files, vanished = _store_media(folder, last, recipient, say)
    made = Manifest(
        format=manifest.FORMAT,
        **facts,
        field_keys=origin.field_key_fingerprints(),
        secret_key=origin.secret_key_fingerprint(),
        recipient=recipient,
        sealed_word=encryption.sealed_word(recipient) if recipient else "",
        facts=DatabaseFacts(kind=connection.vendor, version=server, tool=tool),
        database=database,
        media=files,
        vanished=vanished,
    )
    (folder / manifest.NAME).write_text(made.model_dump_json(indent=1), "utf-8")
    directory.sync(folder / manifest.NAME)
    return made


def _store_media(
    folder: Path, last: Last, recipient: str, say: Say
) -> tuple[list[MediaFile], list[str]]:
    say("2/2 图片、录音、离线包 ……")
    if not media.is_here():
        say("    文件在对象存储里，不在这份备份里：请给存储桶打开版本保留，并复制到另一处。")
    stored, vanished = [], []
    for name in media.names():
        try:
            stored.append(MediaFile(name=name, stored=_keep(folder, last, name, recipient)))
        except FileNotFoundError:
            vanished.append(name)
        if len(stored) % SAY_EVERY == 0:
            say(f"    {len(stored):,} 个 ……")
    say(f"    {len(stored):,} 个文件")
    if vanished:
        say(f"    有 {len(vanished)} 个在备份的时候被删掉了，例如 {vanished[0]}。")
    return stored, vanished


def _keep(folder: Path, last: Last, name: str, recipient: str) -> StoredFile:
    source = media.folder() / name
    target = folder / MEDIA / name
    target.parent.mkdir(parents=True, exist_ok=True)
    suffix = encryption.SUFFIX if recipient else ""
    if last.recipient == recipient:
        linked = last.link(name, source, target.with_name(target.name + suffix))
        if linked:
            return linked
    with source.open("rb") as stream:
        return _store(folder, f"{MEDIA}/{name}", stream, recipient=recipient)


def _store(
    folder: Path, path: str, stream: IO[bytes], *, recipient: str, say: Say | None = None
) -> StoredFile:
    """The stream as a file of the backup, on the disk when this returns."""
    path += encryption.SUFFIX if recipient else ""
    with (folder / path).open("wb") as file:
        content, lying = Counted(stream), Counted(file, say)
        encryption.seal(content, lying, recipient)
    directory.sync(folder / path)
    return StoredFile(
        path=path, bytes=lying.bytes, sha256=lying.sha256, content_sha256=content.sha256
    )
