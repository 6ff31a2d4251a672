"""A restore that breaks off lets nobody work with what is there, and is simply done again."""

import json
import re
import sqlite3
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from studyhub.backup import checks, encryption, engines, manifest, restoration
from studyhub.backup.streams import digest_of
from studyhub.core import parts
from studyhub.core.unfinished import restore_marker
from studyhub.people.erasure import erase_member
from studyhub.people.models import Member, RosterUpload
from studyhub.people.startup import refuse_unsafe_data
from tests import factories as make
from tests.channels.factories import AccountFactory

OTHER_KEY = "hA4nM9xqkT2Zy7sVb0RfLw8dJc5GuPe1XoKiNtWzQ3E="


def broken(backup: Path) -> Path:
    """A dump that is no dump, of which the manifest thinks well."""
    file = backup / engines.engine().FILE
    file.write_bytes(b"no dump at all" * 1000)
    told = json.loads((backup / manifest.NAME).read_text("utf-8"))
    told["database"] |= {"bytes": file.stat().st_size, "sha256": digest_of(file)}
    (backup / manifest.NAME).write_text(json.dumps(told), "utf-8")
    return backup


def test_a_dump_that_cannot_be_read_is_told_and_another_backup_may_be_taken(own_system):
    make.a_member("其其格")
    own_system.file("images/a.png")
    good, bad = own_system.backup(), broken(own_system.backup())
    own_system.destroy()
    with pytest.raises(
        CommandError, match=r"(?s)(数据库读不出|pg_restore 没有做成).*拒绝启动.*从头来过"
    ):
        own_system.restore(bad)
    own_system.restore(good)
    assert Member.objects.get().name == "其其格"
    assert (own_system.media / "images" / "a.png").exists()


@pytest.mark.slow
@pytest.mark.parametrize("where", ["_place_media", "_bring_up_to_date"])
def test_one_that_is_killed_is_done_again_from_the_beginning(own_system, monkeypatch, where):
    make.a_member("其其格")
    own_system.file("images/a.png")
    own_system.backup()
    own_system.destroy()

    def killed(*words):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(restoration, where, killed)
        with pytest.raises(SystemExit):
            own_system.restore()
    with pytest.raises(ImproperlyConfigured, match="再执行一次同样的"):
        refuse_unsafe_data()
    own_system.restore()
    refuse_unsafe_data()
    assert not restore_marker().exists()
    assert Member.objects.get().name == "其其格"
    assert (own_system.media / "images" / "a.png").read_bytes() == b"picture"


def test_a_backup_may_be_checked_where_people_are_at_work(system, settings):
    make.a_member("其其格")
    backup, keys = system.backup(), settings.FIELD_KEYS
    assert "是完整的" in system.restore(check=True)
    assert Member.objects.exists()
    settings.FIELD_KEYS = [OTHER_KEY]
    with pytest.raises(CommandError, match=r"现在不能恢复.*STUDYHUB_FIELD_KEYS"):
        system.restore(check=True)
    (backup / engines.engine().FILE).unlink()
    settings.FIELD_KEYS = keys
    with pytest.raises(CommandError, match="现在不能恢复：备份不完整"):
        system.restore(check=True)


def test_who_stops_it_is_told_what_now(system, monkeypatch):
    system.backup()

    def stopped(*words):
        restore_marker().touch()
        raise KeyboardInterrupt

    monkeypatch.setattr("studyhub.backup.management.commands.restore.restore", stopped)
    with pytest.raises(CommandError, match=r"(?s)被中断了.*再执行同一条命令"):
        system.restore()


def test_one_restore_at_a_time(system):
    """Whoever comes second neither writes nor takes away the marker of the first."""
    system.backup()
    with restoration.only_one():
        restore_marker().write_text(checks.place())
        with pytest.raises(CommandError, match=r"恢复没有做成：.*另一个恢复.*等它做完") as error:
            system.restore()
    assert "从头来过" not in str(error.value)
    assert restore_marker().exists()
    system.restore(check=True)


def test_half_of_the_data_is_no_backup(system):
    restore_marker().touch()
    with pytest.raises(CommandError, match=r"只有一半.*再执行一次"):
        system.backup()


def test_what_was_begun_elsewhere_gives_no_right_here(system):
    """The first try failed; then DATABASE_URL was changed, to one that is in use."""
    system.backup()
    make.a_branch("旗委")
    restore_marker().write_text("another database")
    with pytest.raises(CommandError, match="已经有数据"):
        system.restore()


def test_a_backup_of_the_program_before_is_brought_up_to_date(own_system):
    MigrationExecutor(connection).migrate([("organisation", None)])
    own_system.backup()
    own_system.destroy()
    assert "旧程序做的" in own_system.restore()
    assert not parts.pending_migrations()


def test_what_is_written_meanwhile_is_of_another_moment(own_system):
    make.a_member("其其格")
    with engines.engine().moment() as moment:
        make.a_member("巴图")
        with moment.dump() as stream:
            written = stream.read()
    assert moment.rows["people_member"] == 1
    own_system.destroy()
    with engines.engine().loading() as stream:
        stream.write(written)
    assert Member.objects.get().name == "其其格"


@pytest.fixture
def key_file(tmp_path):
    call_command("backup_key", str(tmp_path / "key"))
    return tmp_path / "key"


def public_key(file: Path) -> str:
    return file.read_text("utf-8").splitlines()[0].removeprefix("# 公钥：")


@pytest.mark.slow
def test_an_encrypted_backup_opens_with_its_key_alone(own_system, key_file, tmp_path):
    make.a_member("其其格")
    own_system.file("images/a.png", b"a picture of nobody")
    backup = own_system.backup(to=public_key(key_file))
    stored = b"".join(path.read_bytes() for path in backup.rglob("*") if path.is_file())
    assert "其其格".encode() not in stored
    assert b"a picture of nobody" not in stored
    own_system.destroy()
    with pytest.raises(CommandError, match="--key-file"):
        own_system.restore()
    call_command("backup_key", str(tmp_path / "another"))
    with pytest.raises(CommandError, match="这把私钥打不开"):
        own_system.restore(key_file=tmp_path / "another")
    own_system.restore(key_file=key_file)
    assert Member.objects.get().name == "其其格"
    assert (own_system.media / "images" / "a.png").read_bytes() == b"a picture of nobody"


def test_a_key_is_never_written_over_and_nobody_else_reads_it(key_file):
    before = key_file.read_bytes()
    assert key_file.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="不覆盖"):
        call_command("backup_key", str(key_file))
    assert key_file.read_bytes() == before


def test_a_public_key_with_a_slip_of_the_pen_makes_no_backup(system):
    with pytest.raises(CommandError, match=r"公钥写得不对.*STUDYHUB_BACKUP_KEY"):
        system.backup(to="age1nonsense")


def test_a_file_without_a_private_key_is_told(system, tmp_path):
    system.backup()
    (tmp_path / "key").write_text("age1nonsense")
    with pytest.raises(CommandError, match="没有备份的私钥"):
        system.restore(key_file=tmp_path / "key")


@pytest.mark.slow
def test_without_the_field_key_what_cannot_be_read_is_emptied(own_system, settings):
    make.a_member("其其格", phone="13900001234")
    batu = make.a_member("巴图", phone="13900005678")
    AccountFactory()
    RosterUpload.objects.create(name="花名册.xlsx", rows=[["其其格", "13900001234"]])
    own_system.backup()
    erase_member(batu)
    own_system.destroy()
    settings.FIELD_KEYS = [OTHER_KEY]
    said = own_system.restore(lost_keys=True)
    assert re.search(r"清空了 [1-9] 处读不出的内容", said)
    member = Member.objects.get()
    assert (member.name, member.phone, member.phone_index) == ("其其格", "", "")
    assert AccountFactory._meta.model.objects.get().secrets == {}
    assert RosterUpload.objects.filter(rows=None).exists()
    refuse_unsafe_data()


def test_the_dump_of_sqlite_is_a_database_that_others_read(system):
    if engines.engine().FILE != "database.sqlite3":
        pytest.skip("only SQLite's")
    make.a_member("其其格")
    with sqlite3.connect(system.backup() / "database.sqlite3") as dump:
        assert dump.execute("SELECT name FROM people_member").fetchall() == [("其其格",)]
    dump.close()


def test_what_was_kept_unsealed_is_not_passed_on_when_a_key_is_given(system, key_file):
    system.file("images/a.png")
    system.backup()
    sealed = system.backup(to=public_key(key_file)) / "media" / "images" / "a.png.age"
    assert sealed.read_bytes().startswith(b"age-encryption.org")


def test_what_is_sealed_has_a_name_of_its_own(system, key_file):
    backup = system.backup(to=public_key(key_file))
    assert (backup / (engines.engine().FILE + encryption.SUFFIX)).is_file()
