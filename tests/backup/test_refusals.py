"""What cannot be restored is refused in words, before anything is touched."""

import json

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from studyhub.backup import checks, engines, manifest, postgresql
from studyhub.core.models import Heartbeat
from studyhub.core.tasks import beat_worker
from studyhub.core.unfinished import restore_marker
from studyhub.people.erasure import erase_member
from studyhub.people.erasure_ledger import LEDGER
from studyhub.people.models import Member, User
from tests import factories as make

OTHER_KEY = "hA4nM9xqkT2Zy7sVb0RfLw8dJc5GuPe1XoKiNtWzQ3E="


@pytest.fixture
def backup(system):
    """A backup of a system with a picture, beside an empty system."""
    make.a_member("其其格")
    system.file("images/a.png")
    made = system.backup()
    Member.objects.all().delete()
    User.objects.all().delete()
    (system.media / "images" / "a.png").unlink()
    return made


def change(backup, **values):
    file = backup / manifest.NAME
    told = json.loads(file.read_text("utf-8"))
    for name, value in values.items():
        told[name] = told[name] | value if isinstance(value, dict) else value
    file.write_text(json.dumps(told), "utf-8")


def refused(system, words, folder=None, **options):
    with pytest.raises(CommandError, match=words) as error:
        system.restore(folder, **options)
    assert str(error.value).startswith("恢复没有做成：")
    assert not restore_marker().exists()
    assert not Member.objects.filter(name="其其格").exists()
    assert not any(path.is_file() for path in system.media.rglob("*"))


def test_a_form_of_backup_that_is_to_come(system, backup):
    change(backup, format=manifest.FORMAT + 1)
    refused(system, r"更新的程序做的，请先升级程序")


def test_a_migrated_system_in_which_nobody_did_anything_is_empty(system, backup):
    beat_worker("long ago")
    Heartbeat.objects.update(beat_at="2026-01-01T00:00Z")
    Session.objects.create(session_key="visitor", session_data="", expire_date=timezone.now())
    checks.check_empty()


def test_a_system_with_data_is_left_alone(system, backup):
    make.a_branch("旗委")
    refused(system, r"已经有数据（党组织）.*新建一个空数据库")


def test_a_folder_with_media_is_left_alone(system, backup):
    kept = system.file("images/b.png")
    with pytest.raises(CommandError, match=r"已经有文件.*先把它移走"):
        system.restore()
    assert kept.read_bytes() == b"picture"


def test_who_is_at_work_is_asked_to_stop_first(system, backup):
    beat_worker("one")
    refused(system, r"worker 还在用这个数据库.*先停掉")


def test_a_folder_that_is_no_backup(system, backup):
    refused(system, r"不是一份完整的备份.*请换一份", folder=system.var)


def test_a_manifest_cut_in_the_middle(system, backup):
    file = backup / manifest.NAME
    file.write_bytes(file.read_bytes()[:200])
    refused(system, r"残缺或认不得，请换一份备份")


def test_a_file_cut_in_the_middle(system, backup):
    file = backup / engines.engine().FILE
    file.write_bytes(file.read_bytes()[:-1])
    refused(system, r"备份不完整.*什么也没有动")


def test_a_file_that_is_missing(system, backup):
    (backup / "media" / "images" / "a.png").unlink()
    refused(system, r"media/images/a.png.*缺少")


def test_a_file_that_rotted_on_the_disk(system, backup):
    (backup / "media" / "images" / "a.png").write_bytes(b"picturE")
    refused(system, r"media/images/a.png.*被改过")


@pytest.mark.parametrize("linked", ["media/images/a.png", "media/images", "media"])
def test_a_link_in_the_place_of_a_file_is_not_followed(system, backup, tmp_path, linked):
    """Its manifest may name whatever the program can read, and the hash of that."""
    elsewhere = (backup / linked).rename(tmp_path / "elsewhere")
    (backup / linked).symlink_to(elsewhere)
    refused(system, r"media/images/a.png.*缺少")


def test_a_manifest_that_leads_out_of_the_folder(system, backup):
    told = json.loads((backup / manifest.NAME).read_text("utf-8"))
    told["media"][0]["name"] = "../../etc/passwd"
    change(backup, media=told["media"])
    refused(system, r"残缺或认不得")


def test_a_backup_of_a_newer_program(system, backup):
    change(backup, migrations=["people.0999_what_is_to_come"])
    refused(system, r"更新的程序做的.*people.0999_what_is_to_come.*先升级程序")


def test_a_backup_of_parts_that_are_not_installed(system, backup):
    change(backup, migrations=["playground.0001_initial"])
    refused(system, r"没有装的部分（playground）")


def test_a_backup_of_the_other_kind_of_database(system, backup):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    change(backup, facts={"kind": other})
    refused(system, r"备份是 .* 的，这里用的是 .*DATABASE_URL")


@pytest.mark.parametrize("what", ["version", "tool"])
def test_a_backup_of_a_newer_database(system, backup, what):
    change(backup, facts={what: 99})
    refused(system, r"99 的，这里是 .*旧的读不了新的")


def test_files_of_a_folder_where_there_is_a_bucket(system, backup, monkeypatch):
    monkeypatch.setattr("studyhub.backup.media.is_here", lambda: False)
    refused(system, r"对象存储.*去掉 S3_BUCKET")


def test_a_field_key_that_was_lost(system, backup, settings):
    settings.FIELD_KEYS = [OTHER_KEY]
    refused(system, r"学习记录、课都读得出；手机号、渠道密钥、两步登录的应用读不出.*--lost-keys")


def test_no_ledger_of_erasures(system, backup):
    (system.backups / LEDGER).unlink()
    refused(system, r"注销名册.*没有找到.*--without-erasures")


@pytest.mark.parametrize("content", ["garbage{", '{"member": "nobody", "at": ""}', '["member"]'])
def test_a_ledger_with_a_line_that_cannot_be_read(system, backup, content):
    """It may have named somebody who would come back."""
    with (system.backups / LEDGER).open("a") as file:
        file.write(f"\n{content}\n")
    refused(system, r"注销名册.*第 \d+ 行读不出.*拷到别处.*--without-erasures")


@pytest.mark.parametrize("content", ["", "\n\n", f'{{"member": "{"a" * 64}", "at": ""}}\n'])
def test_a_ledger_that_was_emptied_and_perhaps_gone_on_with(system, backup, content):
    (system.backups / LEDGER).write_text(content)
    refused(system, r"注销名册.*是空的.*--without-erasures")


def test_a_ledger_shorter_than_a_later_backup_knew_it(system, backup):
    before = (system.backups / LEDGER).read_bytes()
    erase_member(make.a_member("巴图"))
    system.backup()
    (system.backups / LEDGER).write_bytes(before)
    refused(system, r"比备份时短了", folder=backup)


def test_a_ledger_that_was_lost_and_begun_anew(system):
    erase_member(make.a_member("巴图"))
    system.backup()
    (system.backups / LEDGER).unlink()
    system.backup()
    with pytest.raises(CommandError, match=r"比备份时短了"):
        system.restore()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL has tools")
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_tools_older_than_the_server(system, backup, monkeypatch, command):
    monkeypatch.setattr(postgresql, "_tool_version", lambda: 9)
    with pytest.raises(CommandError, match=r"旧的读不了新的。请安装 postgresql-client-\d+"):
        system.run(command, str(system.backups))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL has tools")
def test_no_tools_at_all(system, backup, monkeypatch):
    monkeypatch.setenv("PATH", "")
    refused(system, "没有 pg_dump")


def test_more_than_the_disk_holds(system, backup, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Disk", (), {"free": 1})())
    refused(system, r"只剩 1 B.*请加大磁盘")


def test_a_disk_that_is_full_all_the_same(system, backup, monkeypatch):
    def full(*words):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("studyhub.backup.encryption.unseal", full)
    refused(system, r"磁盘满了")


def test_a_key_file_that_is_not_there(system, backup):
    refused(system, r"没有这个文件.*nowhere", key_file=system.var / "nowhere")


def test_what_a_migration_fills_is_known_by_its_names():
    known = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert known >= checks.FILLED_BY_MIGRATE
