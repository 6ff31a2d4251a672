"""What a robot says in a group: once, in turn, and what is unsure only a person can settle."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from studyhub.channels import accounts, requests
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.worker import attempts
from studyhub.channels.worker import run as turns
from studyhub.channels.worker.run import run
from studyhub.core.errors import Conflict, Invalid
from studyhub.sandbox.models import Robot, Said
from tests.channels.factories import AccountFactory, DeliveryFactory
from tests.channels.world import ask, carry, fault, reach_robots

State = Delivery.State
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def groups(settings):
    reach_robots(settings)


@pytest.fixture
def group():
    return accounts.put_account("wecom_robot", "group", {"webhook_key": "k1", "name": "一组的群"})


ALL = {
    "wecom_robot": {"webhook_key": "k1"},
    "feishu_robot": {"hook_token": "t1", "secret": "s1"},
    "dingtalk_robot": {"access_token": "a1", "secret": "SEC1"},
}


@pytest.mark.parametrize("kind", ALL)
def test_a_lesson_is_said_once_and_then_is_out(kind):
    sandbox_kind = kind.removesuffix("_robot")
    key = next(iter(ALL[kind].values()))
    Robot.objects.create(kind=sandbox_kind, key=key, secret=ALL[kind].get("secret", ""))
    account = accounts.put_account(kind, "group", ALL[kind])
    delivery = carry(DeliveryFactory(account=account))
    assert delivery.state == State.PUBLISHED
    assert delivery.published_at
    assert [(said.title, said.url) for said in Said.objects.all()] == [
        ("【学习】长征出发", delivery.post["source_url"])
    ]
    account.refresh_from_db()
    assert account.health == ChannelAccount.Health.OK


def test_nobody_looks_again_at_what_was_said(group):
    delivery = carry(DeliveryFactory(account=group))
    assert delivery.not_before is None
    assert not Delivery.objects.due().exists()


def test_there_is_no_box_for_drafts(group, make_lesson):
    with pytest.raises(Invalid) as caught:
        ask(make_lesson(), action="draft", account="group")
    assert caught.value.code == "no_draft_box"
    assert not Delivery.objects.exists()


def test_a_lost_answer_is_never_said_again_by_itself(group):
    fault("wecom/send", "accept_then_drop")
    delivery = carry(DeliveryFactory(account=group), times=12)
    assert delivery.state == State.WAITING_HUMAN
    assert delivery.error_code == "outcome_unknown"
    assert "群里" in delivery.error_action
    assert Said.objects.count() == 1


def test_a_person_who_has_looked_may_let_it_be_said_again(group):
    fault("wecom/send", "drop")
    delivery = carry(DeliveryFactory(account=group))
    requests.retry(delivery.pk)
    assert carry(delivery).state == State.PUBLISHED
    assert Said.objects.count() == 1


def test_a_button_pressed_at_once_says_nothing_again(group, settings):
    settings.CHANNELS = {**settings.CHANNELS, "QUIET": 1800.0}
    fault("wecom/send", "accept_then_drop")
    delivery = carry(DeliveryFactory(account=group))
    requests.retry(delivery.pk)
    assert carry(delivery).state == State.WAITING_HUMAN
    Delivery.objects.filter(pk=delivery.pk).update(
        quiet_until=timezone.now() - timedelta(seconds=1)
    )
    assert carry(requests.retry(delivery.pk)).state == State.PUBLISHED


def test_a_button_is_one_try(group):
    fault("wecom/send", "accept_then_drop", times_left=2)
    delivery = carry(DeliveryFactory(account=group))
    requests.retry(delivery.pk)
    assert carry(delivery, times=12).state == State.WAITING_HUMAN
    assert Said.objects.count() == 2


def test_a_person_may_say_that_it_is_there(group):
    fault("wecom/send", "accept_then_drop")
    delivery = carry(DeliveryFactory(account=group))
    requests.handoff(delivery.pk, url="https://studyhub.example/courses/a/b/")
    assert carry(delivery).state == State.PUBLISHED
    assert Said.objects.count() == 1


def test_what_comes_from_a_backup_waits_for_a_look(group):
    delivery = carry(DeliveryFactory(account=group, restored=True))
    assert (delivery.state, Said.objects.count()) == (State.WAITING_HUMAN, 0)
    requests.retry(delivery.pk)
    assert carry(delivery).state == State.PUBLISHED


def test_a_robot_that_was_removed_stops_the_account_and_burns_nothing(group):
    Robot.objects.create(kind="wecom", key="k1", removed=True)
    delivery = carry(DeliveryFactory(account=group))
    group.refresh_from_db()
    assert (delivery.state, group.health) == (State.NEEDS_AUTH, ChannelAccount.Health.PAUSED)
    assert "k1" not in group.paused_reason + delivery.error_detail
    accounts.put_account("wecom_robot", "group", {"webhook_key": "k2"})
    assert carry(delivery).state == State.PUBLISHED


def test_too_many_a_minute_wait_and_none_is_lost(group):
    rows = [DeliveryFactory(account=group) for _ in range(21)]
    for row in rows:
        run(row.pk)
    states = [Delivery.objects.get(pk=row.pk).state for row in rows]
    assert states.count(State.PUBLISHED) == 20
    assert states[-1] == State.DEFERRED
    assert Said.objects.count() == 20


def test_a_robot_cannot_take_back_what_it_said(group):
    delivery = carry(DeliveryFactory(account=group))
    assert requests.withdraw(delivery.pk).error_code == "remove_by_hand"


def test_the_key_is_in_no_column_that_is_read(group):
    columns = {name: value for name, value in vars(group).items() if name != "secrets"}
    assert "k1" not in str(columns)


def test_two_accounts_never_lead_into_one_group(group):
    with pytest.raises(Conflict):
        accounts.put_account("wecom_robot", "another", {"webhook_key": "k1"})


@pytest.mark.django_db(transaction=True)
def test_two_workers_say_it_once():
    group = AccountFactory(
        kind="wecom_robot", key="group", capabilities=["send"], secrets={"webhook_key": "k1"}
    )
    delivery = DeliveryFactory(account=group)
    begin = threading.Barrier(2)

    def work():
        begin.wait()
        run(delivery.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Said.objects.count() == 1


@pytest.mark.parametrize(
    ("point", "end"),
    [
        ("claimed", State.PUBLISHED),
        ("submit_opened", State.PUBLISHED),
        ("submit_answered", State.WAITING_HUMAN),
        ("submit_saved", State.PUBLISHED),
    ],
)
def test_a_worker_that_dies_says_nothing_twice(group, monkeypatch, point, end):
    def die(reached):
        if reached == point:
            raise KeyboardInterrupt

    delivery = DeliveryFactory(account=group)
    with monkeypatch.context() as dying:
        for module in (attempts, turns):
            dying.setattr(module, "reach", die)
        with pytest.raises(KeyboardInterrupt):
            run(delivery.pk)
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert carry(delivery).state == end
    assert Said.objects.count() == 1
