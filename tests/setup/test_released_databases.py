"""The data of every released version goes forward to today's tables, and nothing is lost.

``tests/fixtures/releases`` has it, made with that version's own code (its ``make.py`` says how).
"""

import os
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from wagtail.models import Revision, WorkflowState

from content.models import LessonPage, LessonRevision
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.learning.models import Progress
from studyhub.organisation.models import Organisation
from studyhub.people.models import GroupMembership, Member, User
from studyhub.records.models import DeviceCursor, Record
from studyhub.setup.models import Setup, Upgrade
from tests.bench.database import drop_database, make_database, of_this_checkout

ROOT = Path(settings.BASE_DIR)
FIXTURES = ROOT / "tests" / "fixtures" / "releases"
ALIAS = "upgraded"
# Test processes run side by side; each has a database of its own.
NAME = of_this_checkout(f"studyhub_test_release_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}")

pytestmark = pytest.mark.slow


@pytest.fixture(
    scope="module",
    params=sorted(FIXTURES.glob("*[0-9].tar.gz")),
    ids=lambda path: path.name.removesuffix(".tar.gz"),
)
def upgraded(request, tmp_path_factory, django_db_setup, django_db_blocker):
    """The folder of a server that ran that version, after ``manage.py upgrade``."""
    var = tmp_path_factory.mktemp("var")
    with tarfile.open(request.param) as archive:
        archive.extractall(var, filter="data")
    with django_db_blocker.unblock():
        try:
            name, environment = _database(var)
            _run(environment, "manage.py", "upgrade")
            connections.databases[ALIAS] = {**connection.settings_dict, "NAME": name}
            yield var
        finally:
            _forget()


def _database(var: Path) -> tuple[str, dict[str, str]]:
    """Its name, and the environment in which commands meet it."""
    environment = {"PATH": os.environ["PATH"], "STUDYHUB_ENV": "demo", "STUDYHUB_VAR": str(var)}
    if connection.vendor == "sqlite":
        return str(var / "studyhub.sqlite3"), environment
    make_database(NAME)
    environment["DATABASE_URL"] = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{NAME}"
    _run(environment, str(FIXTURES / "fill.py"), str(var / "studyhub.sqlite3"))
    return NAME, environment


def _run(environment: dict[str, str], *command: str) -> None:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _forget() -> None:
    if ALIAS in connections.databases:
        connections[ALIAS].close()
        del connections[ALIAS], connections.databases[ALIAS]
    if connection.vendor == "postgresql":
        drop_database(NAME)


def kept(model):
    return model._base_manager.using(ALIAS)


def test_every_person_and_every_tie_is_there(upgraded):
    assert (kept(Member).count(), kept(User).count(), kept(GroupMembership).count()) == (8, 15, 5)
    batu = kept(Member).get(user__username="member05")
    assert (batu.name, batu.phone) == ("演示学员05", "13900000005")
    assert all(member.name_key for member in kept(Member).all())


def test_every_record_is_there_and_counts_as_it_did(upgraded):
    kinds = Counter(kept(Record).values_list("kind", flat=True))
    assert kinds == {"sections_read": 8, "quiz_attempt": 7, "lesson_finished": 7}
    assert [one.max_seq for one in kept(DeviceCursor).order_by("pk")] == [10, 19, 19]


def test_progress_is_what_it_was(upgraded):
    rows = kept(Progress).filter(member__user__username="member03").order_by("lesson_key")
    told = [(len(one.sections_read), one.quiz_best, one.finished_revision) for one in rows]
    assert told == [(1, None, None), (4, 100, 1)]
    assert f"{rows[1].finished_at:%Y-%m-%d %H:%M}" == "2026-09-09 12:51"
    assert kept(Progress).exclude(finished_at=None).count() == 7


def test_every_delivery_stands_where_it_stood(upgraded):
    states = Counter(kept(Delivery).values_list("state", flat=True))
    assert states == dict.fromkeys(Delivery.State.values, 1)
    out = kept(Delivery).get(state="published")
    assert (out.draft_id, out.submission_id, out.article_id) == (
        "MEDIA-7",
        "2247483647_1",
        "ARTICLE-7",
    )
    assert (out.url, out.attempts) == ("https://mp.weixin.qq.com/s/seven", 4)
    assert kept(Delivery).get(state="in_review").submission_id == "2247483648_1"


def test_an_account_keeps_its_secrets_and_is_known_by_the_platforms_name(upgraded):
    account = kept(ChannelAccount).get(key="wechat-demo")
    assert account.secrets["app_id"] == account.platform_id == "wx0000000000demo00"


def test_lessons_keep_their_revisions_their_schedule_and_their_review(upgraded):
    assert Counter(kept(LessonRevision).values_list("revision", flat=True)) == {1: 3, 2: 1}
    planned = kept(Revision).exclude(approved_go_live_at=None).get()
    assert planned.content["title"] == "长征会师（新写）"
    live = kept(LessonPage).get(slug="changzheng-huishi")
    assert (live.title, live.live) == ("长征：两万五千里走到头", True)
    (review,) = kept(WorkflowState).filter(status="in_progress")
    reviewed = kept(LessonPage).get(pk=review.object_id)
    assert reviewed.draft_title == "开国大典（待审）"


def test_files_are_there_and_packs_are_of_today(upgraded):
    assert (upgraded / "media" / "documents" / "notice.txt").read_text("utf-8") == "第一讲。"
    pictures = {path.name for path in (upgraded / "media" / "original_images").iterdir()}
    assert pictures == {"changzheng.png", "tiananmen.png"}
    assert len(list((upgraded / "media" / "packs").iterdir())) == 3


def test_the_front_pages_words_are_the_organisations_and_it_counts_as_set_up(upgraded):
    assert kept(Organisation).get().welcome == "离家再远，也是组织里的人"
    assert kept(Setup).get().finished_at


def test_the_upgrade_is_noted(upgraded):
    assert kept(Upgrade).exists()
