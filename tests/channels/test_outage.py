"""Waiting burns no try, and an outage of a platform burns nothing: it passes, and all goes on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.worker.lease import claim
from studyhub.sandbox.models import App, Article, Fault
from studyhub.settings import base
from tests.channels.factories import AccountFactory, DeliveryFactory
from tests.channels.world import ask, carry, fault

State = Delivery.State
pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # many inputs, one rule
DAY = timedelta(days=1)


@pytest.fixture
def breaker(settings):
    """Two failures in a row, and the account rests for a minute."""
    settings.CHANNELS = {**settings.CHANNELS, "BREAK_AFTER": 2, "BREAK_DELAYS": (60.0,)}


def test_taking_a_delivery_is_no_try(wechat):
    assert claim(DeliveryFactory(account=wechat).pk).delivery.attempts == 0


def test_a_call_is_a_try_however_many_calls_the_turn_makes(wechat, platform, lesson):
    assert carry(ask(lesson)).attempts == 1


def test_waiting_for_another_submission_is_no_try(wechat, platform):
    DeliveryFactory(
        account=wechat, submitting=True, lease_until=timezone.now() + DAY, lease_owner="x:1"
    )
    delivery = carry(DeliveryFactory(account=wechat), times=1)
    tried = delivery.attempts
    assert delivery.state == State.PREPARING
    assert carry(delivery, times=20).attempts == tried


def test_the_tries_are_spread_over_a_day():
    waits = base.CHANNELS["RETRY_DELAYS"]
    assert len(waits) == base.CHANNELS["RETRIES"] - 1
    assert sum(waits) >= DAY.total_seconds()


def test_a_platform_that_fails_again_and_again_is_left_alone_for_a_while(wechat, platform, breaker):
    rows = [DeliveryFactory(account=wechat) for _ in range(6)]
    fault("material/add_material", "http500", times_left=100)
    for _ in range(20):
        for row in rows:
            carry(row, times=1)
    assert Fault.objects.get().times_left == 98
    assert not Delivery.objects.due().exists()
    assert {row.state for row in rows} <= {State.QUEUED, State.PREPARING}


def test_another_account_is_not_left_alone_with_it(wechat, platform, breaker):
    ChannelAccount.objects.update(rests_until=timezone.now() + DAY)
    DeliveryFactory(account=wechat)
    other = DeliveryFactory(account=AccountFactory(key="other", secrets={"app_id": "o"}))
    assert list(Delivery.objects.due()) == [other]


def test_when_the_platform_is_back_all_goes_on_at_once(
    wechat, platform, make_lesson, breaker, settings
):
    settings.CHANNELS = {**settings.CHANNELS, "RETRY_DELAYS": (3600.0,)}
    rows = [ask(make_lesson(title)) for title in ("甲", "乙", "丙")]
    fault("material/add_material", "http500", times_left=2)
    for row in rows:
        carry(row, times=1)
    wechat.refresh_from_db()
    assert wechat.rests_until
    ChannelAccount.objects.update(rests_until=timezone.now())
    for row in reversed(rows):
        carry(row)
    assert {row.state for row in rows} == {State.PUBLISHED}
    wechat.refresh_from_db()
    assert (wechat.outages, wechat.rests_until) == (0, None)
    assert Article.objects.count() == 3


def test_a_scheduled_text_is_not_brought_forward(wechat, platform, lesson, make_lesson):
    later = ask(make_lesson("乙"), publish_at=timezone.now() + DAY)
    ChannelAccount.objects.update(rests_until=timezone.now(), outages=9)
    assert carry(ask(lesson)).state == State.PUBLISHED
    later.refresh_from_db()
    assert later.not_before == later.publish_at


def test_the_list_says_that_the_platform_is_not_reached(client, wechat, publisher):
    ChannelAccount.objects.update(rests_until=timezone.now() + DAY)
    client.force_login(publisher)
    page = client.get("/cms/channels/").content.decode()
    assert "暂时连不上" in page
    assert "自动" in page
    assert not App.objects.exists()
