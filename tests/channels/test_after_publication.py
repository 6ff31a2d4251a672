"""What is out is looked after: at the platform people and the platform itself take it away."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studyhub.channels import requests
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.worker import backoff
from studyhub.channels.worker.run import run
from studyhub.sandbox import platform as at_the_platform
from studyhub.sandbox.models import App, Article, Call, Job
from studyhub.settings import base
from tests.channels.factories import DeliveryFactory
from tests.channels.world import ask, carry, fault

State = Delivery.State
pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # many inputs, one rule
MONTH = timedelta(days=30)


def looked_at(delivery):
    """Its next look is now."""
    Delivery.objects.filter(pk=delivery.pk).update(not_before=timezone.now())
    run(delivery.pk)
    delivery.refresh_from_db()
    return delivery


@pytest.mark.parametrize(("status", "word"), [(5, "删除"), (6, "封禁")])
def test_what_the_platform_lost_is_no_longer_called_published(
    wechat, platform, lesson, status, word
):
    delivery = carry(ask(lesson))
    at_the_platform.take_away(Article.objects.get(), status=status)
    assert looked_at(delivery).state == State.REMOVED
    assert word in delivery.error_detail
    assert not Delivery.objects.due().exists()


def test_an_article_without_a_submission_of_ours_is_asked_for_itself(wechat, platform, lesson):
    delivery = carry(ask(lesson))
    delivery.external.pop("submission_id")
    Delivery.objects.update(external=delivery.external)
    assert looked_at(delivery).state == State.PUBLISHED
    at_the_platform.take_away(Article.objects.get(), status=5)
    assert looked_at(delivery).state == State.REMOVED


def test_what_is_still_out_is_looked_at_less_and_less_often(wechat, platform, lesson):
    delivery = carry(ask(lesson))
    waits = []
    for _ in range(8):
        waits.append(round((delivery.not_before - timezone.now()).total_seconds()))
        looked_at(delivery)
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    assert (delivery.state, delivery.attempts) == (State.PUBLISHED, 1)
    assert backoff.published_delay(100) == MONTH
    assert base.CHANNELS["PUBLISHED_DELAYS"][0] <= 3600


@pytest.mark.parametrize("errcode", [53600, 40007, 48001, 85999, -1])
def test_a_strange_answer_takes_nothing_down(wechat, platform, lesson, errcode):
    delivery = carry(ask(lesson))
    fault("freepublish/get", "errcode", errcode=errcode)
    assert looked_at(delivery).state == State.PUBLISHED
    assert delivery.not_before > timezone.now()


def test_a_worker_that_breaks_on_it_leaves_it_published(wechat, platform, lesson, monkeypatch):
    delivery = carry(ask(lesson))
    monkeypatch.setattr("studyhub.channels.worker.watch._standing_of", None)
    for _ in range(4):
        looked_at(delivery)
    assert (delivery.state, delivery.error_code) == (State.PUBLISHED, "put_aside")


def test_an_article_deleted_before_we_knew_of_it_is_told_so(wechat, platform, lesson):
    App.objects.update(publish_delay=2_000_000.0)
    fault("freepublish/submit", "accept_then_drop")
    delivery = carry(ask(lesson), times=1)
    App.objects.update(publish_delay=0)
    Job.objects.update(due_at=timezone.now())
    at_the_platform.settle_due_jobs(App.objects.get())
    at_the_platform.take_away(Article.objects.get(), status=5)
    assert carry(delivery, times=2).state == State.REMOVED
    assert "删除" in delivery.error_detail
    assert Job.objects.count() == 1


def test_what_a_person_posted_is_found_by_its_marker_and_taken_back(wechat, platform, lesson):
    delivery = carry(ask(lesson, action="draft"))
    at_the_platform.submit(platform, delivery.draft_id)
    requests.handoff(delivery.pk, url="https://mp.weixin.qq.com/s/abc")
    requests.withdraw(delivery.pk)
    assert carry(delivery).state == State.REMOVED
    assert Article.objects.get().is_deleted


def test_what_cannot_be_found_is_given_back_to_a_person(wechat, platform):
    delivery = DeliveryFactory(account=wechat, pasted=True)
    requests.withdraw(delivery.pk)
    assert carry(delivery).state == State.PUBLISHED
    assert (delivery.wish, delivery.error_code) == ("", "not_listed")
    assert "已在平台删除" in delivery.error_action
    assert requests.confirm_removed(delivery.pk).state == State.REMOVED


def test_a_withdrawal_that_the_account_may_not_do_has_a_way_out(wechat, platform, lesson):
    delivery = carry(ask(lesson))
    fault("freepublish/delete", "errcode", errcode=48001)
    requests.withdraw(delivery.pk)
    assert carry(delivery).wish == ""
    assert "已在平台删除" in delivery.error_action
    assert ChannelAccount.objects.get().health != ChannelAccount.Health.PAUSED
    assert requests.confirm_removed(delivery.pk).state == State.REMOVED


def test_a_withdrawal_goes_on_when_its_account_is_in_order_again(wechat, platform, lesson):
    delivery = carry(ask(lesson))
    fault("freepublish/delete", "errcode", errcode=40125)
    requests.withdraw(delivery.pk)
    assert carry(delivery).state == State.PUBLISHED
    assert Call.objects.filter(path="freepublish/delete").count() == 1
    requests.retry(delivery.pk)
    assert carry(delivery).state == State.REMOVED


def test_only_what_is_out_can_be_called_deleted(wechat):
    delivery = DeliveryFactory(account=wechat, in_review=True)
    with pytest.raises(requests.Conflict):
        requests.confirm_removed(delivery.pk)
