"""What is overtaken or taken down does not go out, and what is out already is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studyhub.channels.board import board, board_lessons, stale_ones
from studyhub.channels.models import Delivery
from studyhub.channels.worker.lease import claim
from studyhub.channels.worker.run import run
from studyhub.core.ids import uuid7
from studyhub.sandbox.models import App, Article, Draft
from tests.channels.factories import DeliveryFactory
from tests.channels.world import ask, carry, fault

State = Delivery.State
pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # many inputs, one rule
HOUR = timedelta(hours=1)


def corrected(lesson, title="长征出发（更正）"):
    lesson.title = title
    lesson.save_revision().publish()
    return lesson


def its_hour_comes(delivery):
    Delivery.objects.filter(pk=delivery.pk).update(not_before=timezone.now() - HOUR)


def titles():
    return [article.title for article in Article.objects.order_by("pk")]


@pytest.mark.parametrize("newer_first", [True, False])
def test_a_scheduled_text_that_was_overtaken_never_goes_out(wechat, platform, lesson, newer_first):
    old = ask(lesson, publish_at=timezone.now() + HOUR)
    new = ask(corrected(lesson))
    if newer_first:
        assert carry(new).state == State.PUBLISHED
    its_hour_comes(old)
    assert (carry(old).state, old.error_code) == (State.CANCELLED, "superseded")
    assert "第 2 版" in old.error_detail
    assert carry(new).state == State.PUBLISHED
    assert titles() == ["长征出发（更正）"]


def test_a_text_that_was_corrected_and_not_sent_anew_is_held_for_a_person(wechat, platform, lesson):
    old = ask(lesson, publish_at=timezone.now() + HOUR)
    corrected(lesson)
    its_hour_comes(old)
    assert (carry(old).state, old.error_code) == (State.WAITING_HUMAN, "outdated")
    assert "第 2 版" in old.error_detail
    assert not Draft.objects.exists()


def test_a_draft_that_is_overtaken_before_it_is_submitted_leaves_the_box(wechat, platform, lesson):
    fault("freepublish/submit", "errcode", errcode=45011)
    old = carry(ask(lesson), times=1)
    assert old.draft_id
    new = ask(corrected(lesson))
    Delivery.objects.update(not_before=None)
    assert carry(old).state == State.CANCELLED
    assert carry(new).state == State.PUBLISHED
    assert (titles(), Draft.objects.count()) == (["长征出发（更正）"], 0)


def test_a_manual_text_that_is_overtaken_is_not_handed_over(toutiao, lesson):
    old = ask(lesson, account="toutiao", publish_at=timezone.now() + HOUR)
    ask(corrected(lesson), account="toutiao")
    its_hour_comes(old)
    assert carry(old).state == State.CANCELLED


def test_revisions_go_in_their_order_whatever_the_hosts_clock_said(wechat):
    earlier_id, later_id = sorted([uuid7(), uuid7()])
    lesson_key = uuid7()
    old = DeliveryFactory(pk=later_id, account=wechat, lesson_key=lesson_key, in_review=True)
    new = DeliveryFactory(pk=earlier_id, account=wechat, lesson_key=lesson_key, revision=2)
    assert claim(new.pk) is None
    assert claim(old.pk)


@pytest.mark.parametrize("when", ["queued", "scheduled", "draft", "waiting"])
def test_what_has_not_gone_out_of_a_lesson_taken_down_does_not_go_out(
    wechat, platform, lesson, when
):
    later = timezone.now() + HOUR if when == "scheduled" else None
    action = "draft" if when == "waiting" else "publish"
    delivery = ask(lesson, action=action, publish_at=later)
    if when == "draft":
        fault("freepublish/submit", "errcode", errcode=45011)
    if when in ("draft", "waiting"):
        carry(delivery, times=1)
    lesson.unpublish()
    Delivery.objects.update(not_before=None)
    assert (carry(delivery).state, delivery.error_code) == (State.CANCELLED, "lesson_withdrawn")
    assert not Article.objects.exists()
    assert not Draft.objects.exists()


def test_a_worker_that_is_busy_when_the_lesson_is_taken_down_stops(wechat, platform, lesson):
    delivery = ask(lesson)
    busy = claim(delivery.pk)
    lesson.unpublish()
    assert busy.fence < Delivery.objects.get().fence
    run(delivery.pk)
    assert not Article.objects.exists()


@pytest.mark.parametrize("how", ["unpublish", "delete"])
def test_what_is_out_of_a_lesson_taken_down_is_stale_with_a_task(wechat, platform, lesson, how):
    delivery = carry(ask(lesson))
    getattr(lesson, how)()
    delivery.refresh_from_db()
    (row,) = board(board_lessons())
    assert row.lesson.title == "长征出发"
    assert row.deliveries == [delivery]
    assert stale_ones([delivery]) == {delivery.pk}
    assert (delivery.state, delivery.error_code) == (State.PUBLISHED, "lesson_withdrawn")
    assert "撤回" in delivery.error_action


def test_what_comes_out_after_the_lesson_was_taken_down_has_the_task_too(wechat, platform, lesson):
    App.objects.update(publish_delay=3600)
    delivery = carry(ask(lesson), times=1)
    lesson.unpublish()
    assert carry(delivery, times=1).state == State.IN_REVIEW
    platform.jobs.update(due_at=timezone.now())
    carry(delivery)
    assert (delivery.state, delivery.error_code) == (State.PUBLISHED, "lesson_withdrawn")


def test_a_lesson_that_is_open_again_has_no_such_task(wechat, platform, lesson):
    delivery = carry(ask(lesson))
    lesson.unpublish()
    lesson.refresh_from_db()
    lesson.save_revision().publish()
    delivery.refresh_from_db()
    assert (delivery.error_code, stale_ones([delivery])) == ("", set())


def test_what_was_taken_back_too_leaves_the_board(wechat, platform, lesson):
    carry(ask(lesson))
    lesson.unpublish()
    Delivery.objects.update(state=State.REMOVED)
    assert board_lessons() == []
