"""One command after new code: step by step, and what stops it is told."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from studyhub.learning.models import Progress
from studyhub.setup.management.commands import upgrade
from studyhub.setup.models import Upgrade
from tests import factories as make

pytestmark = pytest.mark.django_db


def said_by_upgrade():
    out = StringIO()
    call_command("upgrade", stdout=out)
    return out.getvalue()


@pytest.fixture
def done(monkeypatch):
    """Names of the commands that ran; the one named ``dies`` raises what it is given."""
    ran, dies = [], {}

    def call(name, **options):
        ran.append(name)
        if name in dies:
            raise dies[name]

    monkeypatch.setattr(upgrade, "call_command", call)
    return ran, dies


@pytest.mark.slow
def test_every_step_is_taken_and_may_be_taken_again():
    make.study(make.MemberFactory(), make.a_lesson())
    for _ in range(2):
        assert "升级好了" in said_by_upgrade()


@pytest.mark.parametrize(
    "trouble", [CommandError("盘满了"), DatabaseError("盘满了"), OSError("盘满了")]
)
def test_it_stops_at_the_first_step_that_fails_and_says_which(done, trouble):
    ran, dies = done
    dies["rebuild_search"] = trouble
    with pytest.raises(CommandError, match=r"“重建搜索”没有做成：.*盘满了.*再运行一次"):
        said_by_upgrade()
    assert ran == ["check", "migrate", "collectstatic", "clean_files", "rebuild_search"]


def test_a_program_older_than_the_database_touches_nothing(done):
    ran, _ = done
    MigrationRecorder(connection).record_applied("people", "0999_what_is_to_come")
    with pytest.raises(CommandError, match=r"程序比数据库旧.*people.0999_what_is_to_come"):
        said_by_upgrade()
    assert (ran, Upgrade.latest()) == ([], "")


def test_a_file_that_is_no_database_is_told_in_words(done, monkeypatch):
    def no_database():
        raise DatabaseError("file is not a database")

    monkeypatch.setattr(upgrade.origin, "newer_migrations", no_database)
    with pytest.raises(CommandError, match=r"没有升级.*DATABASE_URL 指的文件不是数据库") as error:
        said_by_upgrade()
    assert "file is" not in str(error.value)


def test_files_are_cleaned_once_for_a_version_or_when_asked_for(done):
    ran, _ = done
    said_by_upgrade()
    assert "clean_files" in ran
    ran.clear()
    assert "这个版本已经做过" in said_by_upgrade()
    assert "clean_files" not in ran
    call_command("upgrade", files=True, stdout=StringIO())
    assert "clean_files" in ran


def test_what_was_not_carried_through_is_not_noted(done):
    _, dies = done
    dies["verify_progress"] = CommandError("不一致")
    with pytest.raises(CommandError):
        said_by_upgrade()
    assert Upgrade.latest() == ""


@pytest.mark.slow
def test_progress_that_does_not_fit_its_records_is_no_success():
    make.study(make.MemberFactory(), make.a_lesson())
    Progress.objects.update(quiz_best=1)
    with pytest.raises(CommandError, match="核对学习进度"):
        said_by_upgrade()
