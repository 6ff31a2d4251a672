"""Nothing hangs without a sentence, nothing is left behind, nobody who has left publishes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studyhub.channels import accounts, requests, tasks
from studyhub.channels.models import ChannelAccount, Delivery, DeliveryAttempt
from studyhub.channels.restores import pause_after_restore
from studyhub.channels.withdrawals import withdraw_lesson
from studyhub.channels.worker.lease import claim
from studyhub.core.ids import uuid7
from studyhub.records.models import Epoch
from studyhub.sandbox.models import Article, Draft, Job
from tests.channels.factories import AccountFactory, AttemptFactory, DeliveryFactory
from tests.channels.world import ask, carry, fault

State = Delivery.State
Outcome = DeliveryAttempt.Outcome
pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # many inputs, one rule
BUSY = {"lease_owner": "x:1", "state": State.PREPARING}


def busy(account):
    """A worker is putting its draft into the box at this moment."""
    until = timezone.now() + timedelta(seconds=30)
    delivery = DeliveryFactory(account=account, lease_until=until, **BUSY)
    AttemptFactory(delivery=delivery, step="draft", outcome=Outcome.OPEN, finished_at=None)
    return delivery


def test_a_delivery_of_a_paused_account_says_why_it_stands_still(db):
    delivery = DeliveryFactory(account=AccountFactory(paused=True))
    assert delivery.problem["code"] == "account_paused"
    assert "没有权限" in delivery.problem["detail"]
    assert delivery.problem["action"] == "请看一眼"


def test_a_delivery_of_a_resting_account_says_when_it_goes_on(db):
    later = timezone.now() + timedelta(minutes=5)
    delivery = DeliveryFactory(account=AccountFactory(rests_until=later))
    assert f"{timezone.localtime(later):%H:%M}" in delivery.problem["detail"]


def test_what_is_done_is_not_troubled_by_its_account(db):
    delivery = DeliveryFactory(account=AccountFactory(paused=True), cancelled=True)
    assert delivery.problem is None


def test_its_own_problem_is_told_before_its_accounts(db):
    delivery = DeliveryFactory(account=AccountFactory(paused=True), deferred=True)
    assert delivery.problem["code"] == "45009"


def test_a_draft_in_the_box_may_be_published_by_hand_meanwhile(db):
    delivery = DeliveryFactory(deferred=True, external={"draft_id": "m1"})
    done = requests.handoff(delivery.pk, url="https://mp.weixin.qq.com/s/abc")
    assert done.state == State.PUBLISHED


@pytest.mark.parametrize("stop", [requests.cancel, lambda pk: withdraw_lesson(KEY)])
def test_a_draft_that_appears_after_it_was_stopped_is_taken_out(wechat, platform, stop):
    delivery = busy(wechat)
    Delivery.objects.filter(pk=delivery.pk).update(lesson_key=KEY)
    stop(delivery.pk)
    assert claim(delivery.pk) is None  # it may still appear
    articles = [{"title": "长征", "content": "", "content_source_url": f"?p={delivery.marker}"}]
    Draft.objects.create(
        app=platform, media_id="late", articles=articles, updated_at=timezone.now()
    )
    Delivery.objects.filter(pk=delivery.pk).update(not_before=timezone.now())
    assert carry(delivery).state == State.CANCELLED
    assert (Draft.objects.count(), delivery.wish) == (0, "")


KEY = uuid7()


@pytest.mark.parametrize("stop", [requests.cancel, lambda pk: withdraw_lesson(KEY)])
def test_a_step_that_was_stopped_does_not_go_on_for_ever(wechat, stop):
    delivery = busy(wechat)
    Delivery.objects.filter(pk=delivery.pk).update(lesson_key=KEY)
    stop(delivery.pk)
    assert not DeliveryAttempt.objects.filter(outcome=Outcome.OPEN).exists()


def test_a_step_of_a_worker_that_died_is_closed_by_the_next(wechat):
    delivery = busy(wechat)
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    claim(delivery.pk)
    assert delivery.steps.get(step="draft").outcome == Outcome.UNCERTAIN


def test_a_request_that_comes_again_between_look_and_refusal_gets_its_delivery(
    wechat, lesson, monkeypatch
):
    """The other one of the same key is committed after the first look for the key."""
    same = {"idempotency_key": "k1"}
    real, made = requests._known, []

    def known(*args):
        if not made:
            made.append(None)
            made.append(ask(lesson, **same))
            return None
        return real(*args)

    monkeypatch.setattr(requests, "_known", known)
    again, new = requests.request_delivery(
        lesson_key=lesson.translation_key, account_key="wechat-main", action="publish", **same
    )
    assert (again.pk, new) == (made[1].pk, False)


def test_credentials_refused_again_and_again_stop_the_account(wechat, platform, lesson, settings):
    settings.CHANNELS = {**settings.CHANNELS, "BREAK_AFTER": 2}
    fault("material/add_material", "errcode", errcode=40001, times_left=100)
    delivery = carry(ask(lesson), times=1)
    assert ChannelAccount.objects.get().health != ChannelAccount.Health.PAUSED
    assert carry(delivery).state == State.NEEDS_AUTH
    account = ChannelAccount.objects.get()
    assert account.health == ChannelAccount.Health.PAUSED
    assert "AppSecret" in account.needs


def test_the_tick_of_somebody_who_may_not_publish_any_more_sends_nothing(wechat, lesson, publisher):
    accounts.set_picks(lesson.translation_key, ["wechat-main"], by=publisher)
    publisher.groups.clear()
    assert requests.deliver_picked(lesson.translation_key, 1) == []


def test_a_tick_counts_on_the_word_of_who_ticked_last(wechat, lesson, publisher, django_user_model):
    gone = django_user_model.objects.create_user(username="gone", password="x" * 12)
    accounts.set_picks(lesson.translation_key, ["wechat-main"], by=gone)
    accounts.set_picks(lesson.translation_key, ["wechat-main"], by=publisher)
    assert len(requests.deliver_picked(lesson.translation_key, 1)) == 1


def test_a_hint_that_nobody_took_in_time_is_dropped(monkeypatch):
    sent = []
    monkeypatch.setattr(
        tasks.send_delivery, "apply_async", lambda args, **options: sent.append(options)
    )
    tasks.hint(uuid7(), after=20.0)
    assert sent == [{"countdown": 20.0, "expires": 20.0 + tasks.HINT_LIVES}]


# After a restore


def restored_before_submitting(lesson):
    """It was published, and the database is from the moment when it had just been asked for."""
    delivery = ask(lesson)
    before = Delivery.objects.values().get(pk=delivery.pk)
    carry(delivery)
    DeliveryAttempt.objects.filter(delivery=delivery).delete()
    Delivery.objects.filter(pk=delivery.pk).update(**before)
    return delivery


def begin_epoch():
    Epoch.objects.create(number=Epoch.current() + 1, reason="演练")


def test_a_restore_pauses_what_posts_by_itself(wechat, toutiao):
    begin_epoch()
    wechat.refresh_from_db()
    toutiao.refresh_from_db()
    assert wechat.health == ChannelAccount.Health.PAUSED
    assert "备份" in wechat.paused_reason
    assert toutiao.health != ChannelAccount.Health.PAUSED


def test_the_first_epoch_is_no_restore(wechat):
    Epoch.objects.create(number=1)
    wechat.refresh_from_db()
    assert wechat.health != ChannelAccount.Health.PAUSED


def test_what_a_restored_database_takes_for_new_is_looked_for_first(wechat, platform, lesson):
    delivery = restored_before_submitting(lesson)
    begin_epoch()
    assert claim(delivery.pk) is None
    accounts.resume(wechat)
    assert carry(delivery).state == State.PUBLISHED
    assert (Article.objects.count(), Job.objects.count()) == (1, 1)


def test_a_restored_row_whose_draft_lies_in_the_box_makes_no_second_draft(wechat, platform, lesson):
    delivery = ask(lesson, action="draft")
    before = Delivery.objects.values().get(pk=delivery.pk)
    carry(delivery)
    DeliveryAttempt.objects.filter(delivery=delivery).delete()
    Delivery.objects.filter(pk=delivery.pk).update(**before)
    pause_after_restore()
    accounts.resume(wechat)
    carry(delivery)
    assert Draft.objects.count() == 1
