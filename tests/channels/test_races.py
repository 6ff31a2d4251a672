"""Between looking and acting somebody else may have acted: with real threads on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from studyhub.channels import lines
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.ports import StepName, Token
from studyhub.channels.tokens import RowTokenStore
from studyhub.channels.worker import lease
from studyhub.channels.worker.attempts import call
from studyhub.channels.worker.lease import claim
from studyhub.core.jobs import ClaimLost
from tests.channels.factories import AccountFactory, DeliveryFactory

pytestmark = pytest.mark.django_db
State = Delivery.State
THREADS = 50
PAST = timedelta(hours=1)


def in_threads(work, number=THREADS):
    """The work of so many threads that begin together."""
    start = threading.Barrier(number)

    def one(_):
        try:
            start.wait()
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def happens_after_the_look(monkeypatch, **changes):
    """Somebody changes the row between the look and the taking, once."""
    look = lease.first_due

    def seen(delivery_id):
        row = look(delivery_id)
        Delivery.objects.filter(pk=delivery_id).update(**changes)
        return row

    monkeypatch.setattr(lease, "first_due", seen)


@pytest.mark.django_db(transaction=True)
def test_of_fifty_workers_on_a_due_delivery_one_takes_it(wechat):
    pk = DeliveryFactory(account=wechat).pk
    taken = [held for held in in_threads(lambda: claim(pk)) if held]
    assert len(taken) == 1
    assert Delivery.objects.get().fence == taken[0].fence == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"state": State.PUBLISHED},
        {"state": State.CANCELLED},
        {"not_before": timezone.now() + PAST},
        {"lease_until": timezone.now() + PAST},
    ],
    ids=["published", "cancelled", "later", "taken"],
)
def test_what_ceases_to_be_due_after_the_look_is_not_taken(wechat, monkeypatch, changes):
    delivery = DeliveryFactory(account=wechat)
    happens_after_the_look(monkeypatch, **changes)
    assert claim(delivery.pk) is None


def test_an_account_paused_after_the_look_is_left_alone(wechat, monkeypatch):
    delivery = DeliveryFactory(account=wechat)
    look = lease.first_due

    def seen(delivery_id):
        row = look(delivery_id)
        ChannelAccount.objects.update(health="paused")
        return row

    monkeypatch.setattr(lease, "first_due", seen)
    assert claim(delivery.pk) is None


def test_what_was_written_after_the_look_is_what_the_holder_sees(wechat, monkeypatch):
    delivery = DeliveryFactory(account=wechat)
    happens_after_the_look(monkeypatch, external={"draft_id": "m9"}, attempts=3)
    assert claim(delivery.pk).delivery.draft_id == "m9"


@pytest.mark.parametrize("taken_over", [False, True])
def test_a_holder_that_was_paused_beyond_its_lease_calls_nobody(wechat, monkeypatch, taken_over):
    held = claim(DeliveryFactory(account=wechat, in_box=True).pk)
    asked = []

    def paused(name):
        Delivery.objects.update(lease_until=timezone.now() - PAST)
        if taken_over:
            assert claim(held.delivery.pk)

    monkeypatch.setattr("studyhub.channels.worker.attempts.reach", paused)
    with pytest.raises(ClaimLost):
        call(held, StepName.SUBMIT, lambda: asked.append(1), sent={"polls": 7})
    assert asked == []
    assert Delivery.objects.get().polls == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_holders_of_which_one_was_paused_one_calls(wechat):
    held = claim(DeliveryFactory(account=wechat, in_box=True).pk)
    Delivery.objects.update(lease_until=timezone.now() - PAST)
    heir = claim(held.delivery.pk)
    holders, asked = iter([held, heir]), []

    def act():
        try:
            call(next(holders), StepName.SUBMIT, lambda: asked.append(1))
        except ClaimLost:
            return "lost"
        return "acted"

    assert sorted(in_threads(act, 2)) == ["acted", "lost"]
    assert asked == [1]


def test_the_lock_of_a_token_lasts_longer_than_fetching_one(settings, request):
    longest = lines.CONNECT + lines.READ
    assert settings.CHANNELS["TOKEN_LOCK"] > longest


def test_a_token_that_came_late_does_not_overwrite_the_newer_one(wechat):
    store = RowTokenStore(wechat.pk)

    def slow():
        ChannelAccount.objects.update(token_lock_until=timezone.now() - PAST)
        assert store.read(lambda: Token("newer", 7200)) == "newer"
        return Token("older", 7200)

    assert store.read(slow) == "newer"
    assert store.read(lambda: Token("third", 7200)) == "newer"


def test_settings_given_while_a_token_is_fetched_are_not_undone(wechat):
    store = RowTokenStore(wechat.pk)

    def meanwhile():
        ChannelAccount.objects.update(token={}, token_lock_until=None)
        return Token("of-the-old-secret", 7200)

    store.read(meanwhile)
    assert AccountFactory._meta.model.objects.get().token == {}


def test_a_late_holder_does_not_free_the_lock_of_another(wechat):
    store, until = RowTokenStore(wechat.pk), timezone.now() + PAST

    def meanwhile():
        ChannelAccount.objects.update(token_lock_until=until)
        return Token("late", 7200)

    store.read(meanwhile)
    assert ChannelAccount.objects.get().token_lock_until == until
