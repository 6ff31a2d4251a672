"""Live mode against a strict stranger: one article each, none missing, none stuck without a word.

Each call goes wrong in each way, while a person presses publish in the console or does not.
"""

import io
import random
from datetime import timedelta
from itertools import product

import pytest
from django.db.models import F
from PIL import Image

from studyhub.channels import connections, rendering, requests
from studyhub.channels.models import Delivery
from studyhub.channels.ports import Picture
from studyhub.channels.worker.run import run
from tests.channels.factories import AccountFactory, DeliveryFactory
from tests.channels.strict_server import (
    APP_ID,
    BASE,
    FAULTS,
    SECRET,
    Fault,
    Public,
    StrictWeChat,
)
from tests.channels.world import ask, lesson_body, make_image
from tests.matrix import thinned

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # many inputs, one rule
State = Delivery.State
CALLS = (
    "stable_token",
    "material/add_material",
    "media/uploadimg",
    "draft/add",
    "draft/get",
    "draft/batchget",
    "freepublish/submit",
    "freepublish/get",
    "freepublish/batchget",
)
# Calls that are made only after something has gone wrong before.
FIRST = {"draft/batchget": ("draft/add", "lost after it was done")}
PRESSES = ("", "before", "after")
TURNS = 12


def a_picture():
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "#8a5a2b").save(file, "JPEG")
    return Picture("picture-1.jpg", file.getvalue())


PICTURE = a_picture()


@pytest.fixture
def strict(settings, monkeypatch):
    """The strict platform, in live mode."""
    server = StrictWeChat()
    settings.CHANNEL_MODE = "live"
    settings.CHANNEL_BASES = {**settings.CHANNEL_BASES, "WECHAT_API_BASE": BASE}
    monkeypatch.setattr(connections, "make_transport", lambda: server.transport)
    monkeypatch.setattr(rendering, "load_picture", lambda image_id: PICTURE)
    return server


@pytest.fixture
def account(db):
    return AccountFactory(secrets={"app_id": APP_ID, "app_secret": SECRET})


def carry_on(server, *rows, turns=TURNS):
    """The clock moves and the worker takes what is due."""
    for _ in range(turns):
        for row in rows:
            run(row.pk)
        server.next_turn()
    for row in rows:
        row.refresh_from_db()
    return rows[0]


def two_days_pass():
    """No review lasts as long as this."""
    two_days = timedelta(days=2)
    Delivery.objects.update(
        submit_started_at=F("submit_started_at") - two_days,
        submitted_at=F("submitted_at") - two_days,
    )


def press_retry(server, row):
    if row.may_be_retried:
        requests.retry(row.pk)
    carry_on(server, row)


def is_settled(row):
    """It is out, or a person is told what has happened and what to do."""
    problem = row.problem or {}
    return row.state == State.PUBLISHED or bool(problem.get("detail") and problem.get("action"))


def ends_as_one_article(server, row):
    """Or waits for a person in words first; the button makes one of none, and never two."""
    carry_on(server, row)
    assert server.went_wrong
    server.faults.clear()
    assert is_settled(row)
    press_retry(server, row)
    assert len(server.articles()) <= 1
    two_days_pass()
    press_retry(server, row)
    assert (row.state, len(server.articles(row.marker))) == (State.PUBLISHED, 1)


@pytest.mark.parametrize(("path", "kind", "press"), thinned(product(CALLS, FAULTS, PRESSES)))
def test_one_article_whatever_goes_wrong(strict, account, path, kind, press):
    row = DeliveryFactory(account=account, pictures=(1,))
    strict.faults += [Fault(*FIRST[path])] if path in FIRST else []
    strict.faults.append(Fault(path, kind, press))
    ends_as_one_article(strict, row)


@pytest.mark.parametrize(("path", "kind"), thinned(product(CALLS, sorted(FAULTS))))
def test_one_article_when_it_goes_wrong_again_and_again(strict, account, path, kind):
    """During a long review."""
    strict.review = 4
    row = DeliveryFactory(account=account, pictures=(1,))
    strict.faults += [Fault(*FIRST[path])] if path in FIRST else []
    strict.faults.append(Fault(path, kind, times=3))
    ends_as_one_article(strict, row)


@pytest.mark.parametrize("seed", range(3))
def test_twenty_lessons_on_one_account_with_faults_by_chance(strict, account, seed):
    chance = random.Random(seed)
    rows = [DeliveryFactory(account=account, pictures=(1,)) for _ in range(20)]
    for _ in range(15):
        path, kind = chance.choice(CALLS), chance.choice(sorted(FAULTS))
        strict.faults.append(Fault(path, kind, skip=chance.randrange(8)))
    carry_on(strict, *rows)
    assert all(is_settled(row) for row in rows)
    strict.faults.clear()
    two_days_pass()
    for row in rows:
        press_retry(strict, row)
    assert {len(strict.articles(row.marker)) for row in rows} == {1}
    assert {row.state for row in rows} == {State.PUBLISHED}


@pytest.mark.parametrize("path", ["draft/add", "freepublish/submit"])
def test_ours_is_found_behind_many_that_came_later(strict, account, path):
    """People go on publishing by hand while ours waits for somebody."""
    row = DeliveryFactory(account=account)
    strict.faults.append(Fault(path, "lost after it was done", "before", times=1))
    run(row.pk)
    strict.press()
    strict.next_turn()
    strict.publish_others(70)
    two_days_pass()
    row.refresh_from_db()
    press_retry(strict, row)
    assert (row.state, len(strict.articles(row.marker))) == (State.PUBLISHED, 1)


def test_our_draft_is_found_behind_many_that_came_later(strict, account):
    row = DeliveryFactory(account=account)
    strict.faults.append(Fault("draft/add", "lost after it was done"))
    run(row.pk)
    strict.add_others(70)
    carry_on(strict, row)
    assert (row.state, len(strict.drafts)) == (State.PUBLISHED, 70)


@pytest.mark.parametrize("path", ["freepublish/batchget", "draft/get"])
def test_an_answer_that_says_nothing_is_not_taken_for_not_there(strict, account, path):
    row = DeliveryFactory(account=account)
    strict.faults.append(Fault("freepublish/submit", "lost after it was done"))
    carry_on(strict, row, turns=1)
    two_days_pass()
    strict.faults.append(Fault(path, "an empty answer", times=4))
    requests.retry(row.pk)
    carry_on(strict, row)
    assert (row.state, len(strict.articles(row.marker))) == (State.PUBLISHED, 1)


def test_a_draft_that_was_read_as_nothing_has_lost_no_picture(strict, account):
    row = DeliveryFactory(account=account, pictures=(1,))
    strict.faults.append(Fault("draft/get", "an empty answer"))
    assert carry_on(strict, row).state == State.PUBLISHED
    assert row.lost == []


@pytest.mark.parametrize("path", ["material/add_material", "draft/add", "stable_token"])
def test_answers_without_a_number_are_the_platforms_fault_not_ours(strict, account, path):
    row = DeliveryFactory(account=account)
    strict.faults.append(Fault(path, "an empty answer", times=4))
    assert carry_on(strict, row).state == State.PUBLISHED
    assert not row.steps.filter(outcome="broken").exists()


def test_a_lesson_arrives_whole(strict, account, make_lesson):
    """With its picture, and addresses that a phone opens; nothing of it is filtered out."""
    row = carry_on(strict, ask(make_lesson(body=lesson_body(make_image())), account=account.key))
    news = strict.public[row.article_id].news[0]
    assert (row.state, row.lost, "<img" in news["content"]) == (State.PUBLISHED, [], True)
    assert row.url.startswith("https://mp.weixin.qq.com/")
    assert (row.external["submission_id"].isdigit(), strict.drafts) == (True, {})


@pytest.mark.parametrize(
    ("ends_in", "state"), [(2, State.REJECTED), (3, State.FAILED), (4, State.REJECTED)]
)
def test_what_a_review_refuses_is_told_and_may_be_sent_again(strict, account, ends_in, state):
    strict.ends_in = ends_in
    row = carry_on(strict, DeliveryFactory(account=account))
    assert row.state == state
    assert is_settled(row)
    strict.ends_in = 0
    press_retry(strict, row)
    assert (row.state, len(strict.articles())) == (State.PUBLISHED, 1)
    assert strict.drafts == {}


@pytest.mark.parametrize("by_number", [True, False])
def test_what_is_deleted_in_the_console_does_not_stay_published(
    strict, account, settings, by_number
):
    settings.CHANNELS = {**settings.CHANNELS, "PUBLISHED_DELAYS": (0.0,)}
    row = carry_on(strict, DeliveryFactory(account=account), turns=4)
    if not by_number:
        Delivery.objects.update(external={"article_id": row.article_id})
    strict.public[row.article_id].deleted = True
    assert carry_on(strict, row).state == State.REMOVED


def test_a_token_that_ends_on_the_way_is_taken_anew(strict, account):
    rows = [DeliveryFactory(account=account) for _ in range(4)]
    strict.review = 8
    carry_on(strict, *rows, turns=20)
    assert {row.state for row in rows} == {State.PUBLISHED}
    assert 2 <= strict.calls.count("stable_token") <= 5


@pytest.mark.parametrize("press", ["", "after"])
@pytest.mark.parametrize("lateness", [1, 2, 3])
def test_a_draft_that_came_late_makes_no_second_article(strict, account, settings, lateness, press):
    """It lies in the box when ours is out, and somebody might publish it."""
    settings.CHANNELS = {**settings.CHANNELS, "PUBLISHED_DELAYS": (0.0,)}
    strict.lateness = lateness
    row = DeliveryFactory(account=account)
    strict.faults.append(Fault("draft/add", "late", press))
    carry_on(strict, row)
    assert (row.state, strict.drafts) == (State.PUBLISHED, {})
    assert len(strict.articles()) == 1


def test_a_cancelled_one_leaves_no_copy_in_the_box(strict, account):
    account.capabilities = ["draft"]
    account.save()
    strict.lateness = 2
    row = DeliveryFactory(account=account, action="draft")
    strict.faults.append(Fault("draft/add", "late"))
    carry_on(strict, row)
    assert len(strict.drafts) == 2
    requests.cancel(row.pk)
    carry_on(strict, row)
    assert (row.state, strict.drafts) == (State.CANCELLED, {})


def test_of_two_copies_of_which_one_is_deleted_the_other_is_found(strict, account):
    """A person published it twice by hand, saw it, and deleted the newer one."""
    strict.review = 1
    row = DeliveryFactory(account=account)
    strict.faults.append(Fault("freepublish/submit", "lost after it was done"))
    run(row.pk)
    strict.next_turn()
    first = next(iter(strict.public.values()))
    strict.public["A-newer"] = Public(first.news, deleted=True)
    carry_on(strict, row)
    assert (row.state, row.article_id) == (State.PUBLISHED, next(iter(strict.public)))
