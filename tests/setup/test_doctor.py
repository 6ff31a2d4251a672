"""``manage.py doctor``: nothing to say of a healthy system, a sentence for each thing amiss."""

import io
import json
import shutil
import time
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from celery.beat import Scheduler
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from content.models import BlockTwin
from content.twins import drawing
from studyhub.backup import directory
from studyhub.celery import app
from studyhub.core import parts
from studyhub.core.models import Heartbeat
from studyhub.core.schedulers import name_scheduler
from studyhub.core.tasks import SCHEDULER, beat_worker
from studyhub.core.unfinished import restore_marker
from studyhub.core.version import version
from studyhub.organisation.models import Organisation
from studyhub.packs.tasks import build_all
from studyhub.people.erasure_ledger import LEDGER
from studyhub.setup import checks
from studyhub.setup.doctor import FRESH, examine, glance, worst
from studyhub.setup.models import Setup, Upgrade
from tests import factories as make
from tests.people.second_factors import with_paper

SOURCE = {
    "type": "sources",
    "value": {"items": [{"type": "item", "value": {"title": "史实卡", "publisher": "党史办"}}]},
}


@pytest.fixture
def healthy(db, settings, tmp_path):
    """Everything a county needs, with one lesson out."""
    settings.DEMO_ALLOWED = False
    settings.PUBLIC_URL = "https://study.example.org"
    settings.MEDIA_ROOT = tmp_path
    Organisation.objects.create(pk=1, name="旗委组织部", contact="0475-7220000")
    admin, root = make.a_user("admin", is_superuser=True, is_staff=True), make.a_branch()
    with_paper(admin)
    Setup.objects.create(
        pk=1, administrator=admin, root=root, lessons="empty", finished_at=timezone.now()
    )
    make.a_lesson(title="遵义会议", body=[*make.a_body(), SOURCE])
    build_all()
    beat_worker("one")
    settings.BACKUP_DIR = tmp_path / "backups"
    a_backup(settings, hours=20)
    return settings


def a_backup(settings, *, hours):
    name = f"{timezone.now() - timedelta(hours=hours):%Y%m%d-%H%M%S}"
    folder = settings.BACKUP_DIR / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").touch()
    return folder


def doctor(**options):
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", stdout=out, **options)
    return ended.value.code, out.getvalue()


def test_a_healthy_system_is_well(healthy):
    code, said = doctor()
    assert (code, said.strip()) == (0, "一切正常。")


def _unfinished(settings, monkeypatch):
    Setup.objects.update(finished_at=None, root=None)


def _new_code(settings, monkeypatch):
    Upgrade.note("0.1.0")


def _no_contact(settings, monkeypatch):
    Organisation(pk=1, name="旗委组织部").save()


def _no_https(settings, monkeypatch):
    settings.PUBLIC_URL = "http://study.example.org"


def _lost_key(settings, monkeypatch):
    make.a_member("其其格")
    settings.FIELD_KEYS = ["hA4nM9xqkT2Zy7sVb0RfLw8dJc5GuPe1XoKiNtWzQ3E="]


def _old_key(settings, monkeypatch):
    settings.SECRET_KEY_FALLBACKS = ["before"]


def _demo_account(settings, monkeypatch):
    make.a_user("member01", is_demo=True)


def _no_second_factor(settings, monkeypatch):
    make.an_orgadmin(make.a_branch(), "zuzhibu")


def _no_broker(settings, monkeypatch):
    def refuse():
        raise ConnectionRefusedError

    monkeypatch.setattr(parts, "check_broker", refuse)


def _no_worker(settings, monkeypatch):
    old = timezone.now() - Heartbeat.STALE_AFTER
    Heartbeat.objects.filter(name="worker").update(beat_at=old)


def _no_scheduler(settings, monkeypatch):
    Heartbeat.objects.filter(name__startswith=SCHEDULER).delete()


def _two_schedulers(settings, monkeypatch):
    beat_worker("two")


def _drifting(settings, monkeypatch):
    monkeypatch.setattr(checks, "database_now", lambda: timezone.now() - timedelta(minutes=2))


def _unwritable(settings, monkeypatch):
    def refuse():
        raise PermissionError

    monkeypatch.setattr(parts, "check_storage", refuse)


def _little_room(settings, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1024**3))


def _no_backup(settings, monkeypatch):
    shutil.rmtree(settings.BACKUP_DIR)


def _late_backup(settings, monkeypatch):
    _no_backup(settings, monkeypatch)
    a_backup(settings, hours=30)


def _old_backup(settings, monkeypatch):
    _no_backup(settings, monkeypatch)
    a_backup(settings, hours=200)


def _failed_backup(settings, monkeypatch):
    directory.note_failure(settings.BACKUP_DIR, "备份没有做成：磁盘满了。")


def _cut_off_backup(settings, monkeypatch):
    folder = a_backup(settings, hours=1)
    folder.rename(folder.with_name(folder.name + directory.PARTIAL))


def _emptied_ledger(settings, monkeypatch):
    (settings.BACKUP_DIR / LEDGER).touch()


def _half_restored(settings, monkeypatch):
    settings.VAR_DIR = settings.BACKUP_DIR
    restore_marker().touch()


def _future_database(settings, monkeypatch):
    MigrationRecorder(connection).record_applied("people", "0999_what_is_to_come")


def _no_mail(settings, monkeypatch):
    def refuse(**kwargs):
        raise ConnectionRefusedError

    settings.EMAIL_URL = "smtp://mail.example.org"
    monkeypatch.setattr(checks, "get_connection", refuse)


def _no_sources(settings, monkeypatch):
    make.a_lesson(title="没有来源的课")
    build_all()


def _reviewers(settings, *people):
    settings.REVIEW_LEVELS = 3
    for levels in people:
        person = make.a_user("+".join(levels))
        person.groups.add(*Group.objects.filter(name__in=levels))


def _no_reviewers(settings, monkeypatch):
    _reviewers(settings, ["初审"], ["复审"])


def _one_reviewer(settings, monkeypatch):
    _reviewers(settings, ["初审", "复审", "终审"], ["终审"])


def _old_pack(settings, monkeypatch):
    make.correct(make.LessonPage.objects.get())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "check", "code", "words"),
    [
        (_unfinished, "setup", 2, "还差：党组织的根"),
        (_new_code, "version", 1, "上一次升级做到 0.1.0"),
        (_no_contact, "contact", 1, "设置 → 单位"),
        (_no_https, "address", 2, "STUDYHUB_PUBLIC_URL"),
        (_lost_key, "keys", 2, "STUDYHUB_FIELD_KEYS"),
        (_old_key, "keys", 1, "manage.py reencrypt"),
        (_demo_account, "demo", 2, "演示账号"),
        (_no_second_factor, "second_factor", 1, "有 1 个账号该两步登录还没有设：zuzhibu"),
        (_no_broker, "broker", 2, "Redis"),
        (_no_worker, "worker", 2, "celery -A studyhub worker"),
        (_no_scheduler, "scheduler", 2, "celery -A studyhub.beat beat"),
        (_two_schedulers, "scheduler", 2, "有 2 个定时任务"),
        (_drifting, "clock", 1, "差 120 秒"),
        (_unwritable, "storage", 2, "媒体目录不能写"),
        (_little_room, "room", 1, "只剩 1.0 GB"),
        (_no_backup, "backup", 2, "没有一份备份"),
        (_late_backup, "backup", 1, "1 天 6 小时前"),
        (_old_backup, "backup", 2, "8 天 8 小时前"),
        (_failed_backup, "backup", 1, "磁盘满了"),
        (_cut_off_backup, "backup", 1, "做到一半断了"),
        (_emptied_ledger, "backup", 2, "把拷到别处的那份拿回来"),
        (_future_database, "database", 2, "程序比数据库旧"),
        (_half_restored, "restore", 2, "manage.py restore"),
        (_no_mail, "mail", 1, "EMAIL_URL"),
        (_no_reviewers, "reviewers", 1, "终审没有人"),
        (_one_reviewer, "reviewers", 1, "比审级少"),
        (_no_sources, "sources", 1, "没有来源的课"),
        (_old_pack, "packs", 1, "manage.py build_packs"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_one_thing_amiss_is_named_alone(healthy, monkeypatch, spoil, check, code, words):
    spoil(healthy, monkeypatch)
    ended, said = doctor()
    assert ended == code
    assert words in said
    assert "怎么办" in said
    assert {finding.check for finding in examine()} == {check}


def test_tables_of_the_version_before_are_told(healthy, monkeypatch):
    monkeypatch.setattr(
        parts.MigrationExecutor, "migration_plan", lambda self, leaves: [("people", False)]
    )
    assert "manage.py migrate" in doctor()[1]


def test_what_a_library_put_together_and_dropped_is_not_of_the_future(healthy):
    MigrationRecorder(connection).record_applied("wagtailcore", "0001_dropped_long_ago")
    MigrationRecorder(connection).record_applied("removed", "0001_initial")
    assert examine() == []


def test_a_database_that_is_away_is_told_once(healthy, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(parts, "MigrationExecutor", away)
    for name in ("is_finished", "current"):
        monkeypatch.setattr(Setup if name == "is_finished" else Organisation, name, away)
    monkeypatch.setattr(Heartbeat, "is_alive", away)
    code, said = doctor()
    assert code == 2
    assert said.count("DATABASE_URL") == 1


def test_a_check_that_breaks_stops_no_other(healthy, monkeypatch):
    def broken():
        raise ZeroDivisionError

    monkeypatch.setitem(checks.CHECKS, "contact", broken)
    _drifting(healthy, monkeypatch)
    assert [finding.check for finding in examine()] == ["contact", "clock"]
    assert worst(examine()) == 2


def test_programs_read_the_same(healthy, monkeypatch):
    code, said = doctor(json=True)
    assert (code, json.loads(said)) == (
        0,
        {"version": version(), "state": "well", "findings": []},
    )
    _drifting(healthy, monkeypatch)
    code, said = doctor(json=True)
    told = json.loads(said)
    assert (code, told["state"]) == (1, "warning")
    assert told["findings"][0].keys() == {"level", "what", "why", "to_do", "check"}


def test_administrators_see_it_on_the_desks_first_page_and_editors_do_not(healthy, monkeypatch):
    _drifting(healthy, monkeypatch)
    shown = {}
    for name, fields in (("admin", {}), ("editor", {})):
        user = Setup.objects.get().administrator if name == "admin" else make.a_user(name, **fields)
        if name == "editor":
            user.groups.add(user.groups.model.objects.get(name="editor"))
        desk = Client()
        desk.force_login(user)
        shown[name] = desk.get("/cms/").content.decode()
    assert "差 120 秒" in shown["admin"]
    assert f"程序版本 {version()}" in shown["admin"]
    assert "系统检查" not in shown["editor"]


def test_the_desks_first_page_waits_for_no_other_server(healthy, monkeypatch):
    for name in checks.SLOW:
        monkeypatch.setitem(checks.CHECKS, name, lambda: pytest.fail("asked another server"))
    assert glance() == []


def test_the_desk_looks_again_after_a_minute_and_the_command_at_once(healthy, monkeypatch):
    assert glance() == []
    _drifting(healthy, monkeypatch)
    assert (glance(), [finding.check for finding in examine()]) == ([], ["clock"])
    later = time.time() + FRESH + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert [finding.check for finding in glance()] == ["clock"]


class TestSchedulers:
    """Each has a name of its own."""

    def test_every_scheduler_names_itself_in_its_beats(self):
        services = [SimpleNamespace(scheduler=Scheduler(app=app)) for _ in range(2)]
        names = {name_scheduler(service) for service in services}
        assert len(names) == 2
        sent = services[0].scheduler.schedule["worker-heartbeat"].kwargs
        assert sent["scheduler"] in names

    @pytest.mark.django_db
    def test_one_that_was_started_again_is_one(self):
        beat_worker("before")
        Heartbeat.objects.update(beat_at=timezone.now() - checks.OVERLAP)
        beat_worker("after")
        assert list(checks.look_at_scheduler()) == []

    @pytest.mark.django_db
    def test_those_of_yesterday_are_forgotten(self):
        beat_worker("before")
        Heartbeat.objects.update(beat_at=timezone.now() - timedelta(days=2))
        beat_worker("after")
        assert Heartbeat.objects.filter(name__startswith=SCHEDULER).count() == 1


def test_a_machine_that_draws_no_mongolian_says_so_where_it_is_read(db, monkeypatch):
    monkeypatch.setattr(drawing, "draws", lambda: False)
    assert list(checks.look_at_drawing()) == []
    BlockTwin.objects.create(lesson_key=uuid4(), block_id="head", state=BlockTwin.State.SIGNED)
    [found] = checks.look_at_drawing()
    assert "libfribidi0" in str(found)
