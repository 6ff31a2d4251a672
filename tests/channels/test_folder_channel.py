"""A lesson handed to a directory, from the request to the files, through the same worker."""

import json

import pytest

from studyhub.channels import accounts, requests
from studyhub.channels.adapters.folder import channel as folder_module
from studyhub.channels.models import Delivery
from studyhub.channels.worker.run import run
from studyhub.core.errors import Invalid
from tests.channels.factories import AccountFactory
from tests.channels.world import ask, carry, lesson_body, make_image

pytestmark = pytest.mark.django_db
State = Delivery.State


@pytest.fixture
def base(settings, tmp_path):
    settings.CHANNEL_BASES = {**settings.CHANNEL_BASES, "FOLDER_BASE": str(tmp_path)}
    return tmp_path


@pytest.fixture
def folder(base):
    AccountFactory(folder=True)
    return base / "lessons"


def posts(folder):
    return sorted(path.name for path in folder.glob("[!.]*/") if path.is_dir())


def test_a_lesson_becomes_one_directory(folder, make_lesson):
    delivery = carry(ask(make_lesson(body=lesson_body(make_image())), account="folder"))
    assert (delivery.state, posts(folder)) == (State.PUBLISHED, [delivery.marker])
    facts = json.loads((folder / delivery.marker / "post.json").read_text("utf-8"))
    assert facts["title"] == "长征出发"
    assert (folder / delivery.marker / facts["cover"]).exists()


def test_its_platform_names_the_post_an_item(folder, lesson):
    delivery = carry(ask(lesson, account="folder"))
    assert delivery.external_names["item_id"] == delivery.marker


def test_a_lost_answer_is_looked_up_and_makes_no_second_directory(folder, lesson, monkeypatch):
    delivery = ask(lesson, account="folder")
    with monkeypatch.context() as broken:
        broken.setattr(folder_module, "flush_names", _fail)
        run(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.state == State.OUTCOME_UNKNOWN
    assert carry(delivery).state == State.PUBLISHED
    assert posts(folder) == [delivery.marker]


def _fail(directory):
    raise OSError(5, "the disk")


def test_a_step_that_may_be_repeated_needs_no_quiet_time(folder, lesson, monkeypatch, settings):
    settings.CHANNELS = {**settings.CHANNELS, "QUIET": 3600.0}
    delivery = ask(lesson, account="folder")
    with monkeypatch.context() as broken:
        broken.setattr(folder_module, "flush_names", _fail)
        run(delivery.pk)
    (folder / delivery.marker).rename(folder / ".drafts" / delivery.marker)
    assert carry(delivery).state == State.PUBLISHED


def test_withdrawing_takes_it_out_of_the_directory(folder, lesson):
    delivery = carry(ask(lesson, account="folder"))
    requests.withdraw(delivery.pk)
    assert (carry(delivery).state, posts(folder)) == (State.REMOVED, [])


def test_a_cancelled_draft_leaves_nothing(folder, lesson):
    delivery = carry(ask(lesson, account="folder", action="draft"))
    assert delivery.state == State.WAITING_HUMAN
    requests.cancel(delivery.pk)
    carry(delivery)
    assert list((folder / ".drafts").iterdir()) == []


def test_without_its_directory_everything_of_the_account_waits(folder, base, lesson):
    base.rmdir()
    delivery = carry(ask(lesson, account="folder"))
    assert (delivery.state, delivery.attempts) == (State.NEEDS_AUTH, 0)
    base.mkdir()
    requests.retry(delivery.pk)
    assert carry(delivery).state == State.PUBLISHED


def test_an_account_is_refused_until_the_environment_says_where(settings, tmp_path):
    settings.CHANNEL_BASES = {**settings.CHANNEL_BASES, "FOLDER_BASE": ""}
    with pytest.raises(Invalid, match="请先设置环境变量 FOLDER_BASE"):
        accounts.put_account("folder", "folder", {"folder": "lessons"})


@pytest.mark.parametrize("name", ["../x", "/etc", "a b", "", 7])
def test_a_form_never_chooses_a_place_outside(base, name):
    with pytest.raises(Invalid, match="子目录名"):
        accounts.put_account("folder", "folder", {"folder": name})
