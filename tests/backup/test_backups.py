"""A backup is whole or there is none; of the old ones some stay."""

import errno
import os

import pytest
from django.core.management.base import CommandError
from django.db.migrations.loader import MigrationLoader

from studyhub.backup import directory, encryption, manifest, media, sqlite
from studyhub.people.erasure import erase_member
from studyhub.people.erasure_ledger import LEDGER
from studyhub.records.models import Record
from tests import factories as make


def backups(system):
    return sorted(path.name for path in system.backups.iterdir() if path.is_dir())


def test_the_manifest_says_what_there_is_and_no_key(system, settings):
    make.study(make.a_member("其其格"), make.a_lesson())
    system.file("images/a.png")
    backup = system.backup()
    text = (backup / manifest.NAME).read_text("utf-8")
    told = manifest.read_manifest(backup)
    assert told.rows["records_record"] == Record.objects.count() == 3
    assert [file.name for file in told.media if "images" in file.name] == ["images/a.png"]
    assert f"people.{_last_of('people')}" in told.migrations
    for secret in (*settings.FIELD_KEYS, settings.SECRET_KEY, "其其格"):
        assert secret not in text


def _last_of(app):
    return max(name for label, name in MigrationLoader(None).disk_migrations if label == app)


def test_nobody_else_may_read_it(system):
    assert system.backup().stat().st_mode & 0o077 == 0


def test_it_goes_on_where_a_file_is_deleted_meanwhile(system, monkeypatch):
    system.file("images/a.png")
    monkeypatch.setattr(media, "names", lambda: iter(["images/a.png", "images/gone.png"]))
    said = system.run("backup", str(system.backups))
    assert "有 1 个在备份的时候被删掉了，例如 images/gone.png" in said
    assert manifest.read_manifest(directory.newest(system.backups)).vanished == ["images/gone.png"]


def test_a_file_that_did_not_change_is_kept_once(system):
    system.file("images/a.png")
    system.file("images/b.png")
    first = system.backup()
    system.file("images/b.png", b"another")
    second = system.backup()
    assert _number(first, "a.png") == _number(second, "a.png")
    assert _number(first, "b.png") != _number(second, "b.png")
    assert (first / "media" / "images" / "b.png").read_bytes() == b"picture"


def _number(backup, name):
    return (backup / "media" / "images" / name).stat().st_ino


def test_what_rotted_in_the_last_backup_is_not_passed_on(system):
    system.file("images/a.png")
    (system.backup() / "media" / "images" / "a.png").write_bytes(b"picturE")
    assert (system.backup() / "media" / "images" / "a.png").read_bytes() == b"picture"


def test_where_the_disk_has_no_links_it_is_copied(system, monkeypatch):
    system.file("images/a.png")
    system.backup()

    def none(self, target):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("pathlib.Path.hardlink_to", none)
    assert (system.backup() / "media" / "images" / "a.png").read_bytes() == b"picture"


def test_the_newest_stay(system):
    made = [system.backup(keep=2).name for _ in range(3)]
    assert backups(system) == made[1:]


def test_one_stays_whatever_is_asked_for(system):
    system.backup()
    newest = system.backup(keep=0)
    assert backups(system) == [newest.name]


def test_folders_that_are_none_of_ours_stay(system):
    for name in ("photos", "20260101-000000"):
        (system.backups / name).mkdir(parents=True)
    system.run("backup", str(system.backups), keep=1)
    newest = directory.newest(system.backups)
    assert backups(system) == ["20260101-000000", newest.name, "photos"]


@pytest.fixture
def full(monkeypatch):
    def no_room(*words, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(encryption, "seal", no_room)


def test_a_full_disk_leaves_the_old_backups_and_nothing_half_done(system, request):
    kept = system.backup()
    request.getfixturevalue("full")
    with pytest.raises(CommandError, match="备份没有做成：磁盘满了"):
        system.backup()
    assert backups(system) == [kept.name]
    assert "磁盘满了" in directory.last_failure(system.backups)[1]


def test_a_folder_where_nothing_can_be_written(system):
    system.backups.write_text("a file")
    with pytest.raises(CommandError, match=r"备份没有做成：.*不是一个目录.*请改对路径"):
        system.run("backup", str(system.backups))


def test_a_read_only_disk(system, monkeypatch):
    def read_only(*words, **options):
        raise OSError(errno.EROFS, "Read-only file system", str(system.backups))

    monkeypatch.setattr("pathlib.Path.mkdir", read_only)
    with pytest.raises(CommandError, match=r"磁盘是只读的.*backups"):
        system.backup()


def test_copies_of_backups_that_were_killed_do_not_fill_the_disk(system):
    old, running = system.var / f"{sqlite.COPY}a", system.var / f"{sqlite.COPY}b"
    for folder in (old, running):
        folder.mkdir()
    os.utime(old, (0, 0))
    sqlite._clear_left_copies()
    assert (old.exists(), running.exists()) == (False, True)


def test_none_among_the_files_that_everybody_may_fetch(system):
    with pytest.raises(CommandError, match=r"在媒体目录里.*请换一个目录"):
        system.run("backup", str(system.media / "backups"))
    assert not system.media.exists()


def test_it_is_said_where_the_files_are_elsewhere(system, monkeypatch):
    system.file("images/of-the-time-before.png")
    monkeypatch.setattr(media, "is_here", lambda: False)
    assert "不在这份备份里" in system.run("backup", str(system.backups))
    assert manifest.read_manifest(directory.newest(system.backups)).media == []


def test_a_folder_of_media_that_cannot_be_read_is_no_empty_one(system, monkeypatch):
    system.file("images/a.png")

    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        with pytest.raises(PermissionError):
            list(media.names())


def test_one_at_a_time(system):
    running = directory.only_one(system.backups)
    with running, pytest.raises(CommandError, match="正在做另一份备份"):
        system.backup()
    assert directory.last_failure(system.backups) is None


def test_what_a_power_cut_left_is_no_backup_and_goes_with_the_next(system):
    cut = system.backup()
    cut.rename(cut.with_name(cut.name + directory.PARTIAL))
    assert directory.newest(system.backups) is None
    assert directory.is_cut_off(system.backups)
    made = system.backup()
    assert backups(system) == [made.name]


def test_one_that_is_being_made_is_not_cut_off(system):
    system.backups.mkdir()
    with directory.only_one(system.backups), directory.new_backup(system.backups):
        assert not directory.is_cut_off(system.backups)


def test_the_ledger_of_erasures_goes_along(system, settings, tmp_path):
    erase_member(make.a_member("巴图"))
    stick = tmp_path / "stick"
    for _ in range(2):
        system.run("backup", str(stick))
    lines = (stick / LEDGER).read_text("utf-8").split()
    assert len([line for line in lines if '"member"' in line]) == 1
