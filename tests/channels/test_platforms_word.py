"""Only the platform's word on this article ends a delivery, and nothing is posted a second time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from studyhub.channels import requests
from studyhub.channels.models import Delivery
from studyhub.channels.worker.run import run
from studyhub.sandbox.models import App, Article, Call, Draft, Job
from tests.channels.world import ask, carry, fault

State = Delivery.State
pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # many inputs, one rule
LONG = 2_000_000.0
# What a question was answered with although it says nothing about the article.
STRANGE = (43004, 50005, 9001001, 53502, 40007, 40066, 85999, 53600, 45166)


@pytest.fixture
def pressed(platform):
    """A person presses publish in the platform's own console."""

    def press(delay=0.0):
        draft, now = Draft.objects.get(), timezone.now()
        Job.objects.create(
            app=platform,
            media_id=draft.media_id,
            articles=draft.articles,
            due_at=now + timedelta(seconds=delay),
            submitted_at=now,
        )

    return press


def reviewed():
    """The platform has made up its mind."""
    App.objects.update(publish_delay=0)
    Job.objects.update(due_at=timezone.now())


def due_now(delivery):
    """Its next look is now."""
    Delivery.objects.filter(pk=delivery.pk).update(not_before=timezone.now())


def looked(delivery):
    due_now(delivery)
    run(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def in_review(lesson):
    App.objects.update(publish_delay=LONG)
    return carry(ask(lesson), times=1)


@pytest.mark.parametrize("errcode", STRANGE)
def test_a_question_is_never_answered_by_a_refusal(wechat, platform, lesson, errcode):
    delivery = in_review(lesson)
    fault("freepublish/get", "errcode", errcode=errcode)
    assert carry(delivery, times=1).state == State.IN_REVIEW
    assert str(errcode) == delivery.error_code
    reviewed()
    assert carry(delivery).state == State.PUBLISHED
    assert Article.objects.count() == 1


@pytest.mark.parametrize("errcode", [*STRANGE, 53501])
def test_a_strange_answer_of_the_list_ends_nothing(wechat, platform, lesson, errcode):
    App.objects.update(publish_delay=LONG)
    fault("freepublish/submit", "accept_then_drop")
    delivery = carry(ask(lesson), times=1)
    fault("freepublish/batchget", "errcode", errcode=errcode)
    assert carry(delivery, times=1).state in (State.OUTCOME_UNKNOWN, State.WAITING_HUMAN)
    reviewed()
    looked(delivery)
    assert (looked(delivery).state, Job.objects.count()) == (State.PUBLISHED, 1)


def test_a_code_that_nobody_knows_after_submitting_is_no_refusal(wechat, platform, lesson):
    fault("freepublish/submit", "errcode", errcode=99999)
    delivery = carry(ask(lesson), times=1)
    assert (delivery.state, delivery.error_code) == (State.OUTCOME_UNKNOWN, "99999")


def test_a_lost_answer_and_a_long_review_never_make_two_articles(wechat, platform, lesson):
    App.objects.update(publish_delay=LONG)
    fault("freepublish/submit", "accept_then_drop")
    delivery = carry(ask(lesson), times=8)
    assert (delivery.state, Job.objects.count()) == (State.WAITING_HUMAN, 1)
    reviewed()
    assert (looked(delivery).state, Article.objects.count()) == (State.PUBLISHED, 1)


@pytest.mark.parametrize("listed", [False, True])
def test_retrying_an_unknown_outcome_looks_and_submits_nothing(wechat, platform, lesson, listed):
    App.objects.update(publish_delay=LONG)
    fault("freepublish/submit", "accept_then_drop")
    delivery = carry(ask(lesson), times=3)
    if listed:
        reviewed()
    requests.retry(delivery.pk)
    assert carry(delivery).state == (State.PUBLISHED if listed else State.WAITING_HUMAN)
    assert Job.objects.count() == 1


@pytest.mark.parametrize("errcode", [0, 9001001])
def test_retrying_what_was_reviewed_too_long_asks_again(
    wechat, platform, lesson, settings, errcode
):
    delivery = in_review(lesson)
    settings.CHANNELS = {**settings.CHANNELS, "POLL_FOR_AT_MOST": 0.0}
    if errcode:
        fault("freepublish/get", "errcode", errcode=errcode)
    assert carry(delivery, times=1).state == State.WAITING_HUMAN
    requests.retry(delivery.pk)
    reviewed()
    assert carry(delivery).state == State.PUBLISHED
    assert (Job.objects.count(), Article.objects.count()) == (1, 1)


@pytest.mark.parametrize("trait_code", ["put_aside", "outcome_unknown"])
def test_what_may_be_out_is_never_begun_anew_by_the_button(wechat, platform, lesson, trait_code):
    delivery = in_review(lesson)
    Delivery.objects.update(state=State.WAITING_HUMAN, error_code=trait_code)
    requests.retry(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.state, bool(delivery.submission_id)) == (State.IN_REVIEW, True)


def test_a_draft_published_by_hand_while_we_submit_is_not_refused(wechat, platform, lesson):
    fault("freepublish/submit", "errcode", errcode=40007)
    delivery = carry(ask(lesson), times=1)
    assert delivery.state == State.WAITING_HUMAN
    assert delivery.may_be_out


@pytest.mark.parametrize("again", [requests.retry, None], ids=["retried", "left alone"])
def test_what_a_person_published_in_the_console_is_found(wechat, platform, lesson, pressed, again):
    fault("freepublish/submit", "errcode", errcode=53503)
    delivery = carry(ask(lesson), times=1)
    assert (delivery.state, delivery.error_code) == (State.WAITING_HUMAN, "53503")
    pressed()
    if again:
        again(delivery.pk)
    for _ in range(2):
        looked(delivery)
    assert (delivery.state, Article.objects.count()) == (State.PUBLISHED, 1)


def test_a_draft_left_for_a_person_is_seen_when_they_publish_it(wechat, platform, lesson, pressed):
    delivery = carry(ask(lesson, action="draft"), times=2)
    pressed()
    assert looked(looked(delivery)).state == State.PUBLISHED


def test_a_look_in_vain_leaves_the_words_for_the_person(wechat, platform, lesson):
    fault("freepublish/submit", "errcode", errcode=53503)
    delivery = carry(ask(lesson), times=1)
    fault("freepublish/batchget", "http500")
    looked(delivery)
    assert (delivery.state, delivery.error_code) == (State.WAITING_HUMAN, "53503")
    assert Call.objects.filter(path="freepublish/batchget", fault="http500").exists()


def test_a_cancelled_one_that_is_out_all_the_same_is_not_sent_again(
    wechat, platform, lesson, pressed
):
    first = carry(ask(lesson, action="draft"), times=1)
    pressed()
    carry(first, times=0)
    Delivery.objects.update(state=State.CANCELLED)
    assert carry(ask(lesson)).state == State.PUBLISHED
    assert Article.objects.count() == 1


def test_a_submission_that_was_closed_too_early_is_waited_for(wechat, platform, lesson):
    first = in_review(lesson)
    Delivery.objects.update(state=State.REJECTED)
    second = carry(ask(lesson))
    assert (second.state, Job.objects.count()) == (State.QUEUED, 1)
    reviewed()
    assert looked(second).state == State.PUBLISHED
    assert (Article.objects.count(), first.pk == second.pk) == (1, False)


def test_after_the_longest_review_a_persons_retry_submits_the_same_draft(
    wechat, platform, lesson, settings
):
    fault("freepublish/submit", "http500")
    delivery = carry(ask(lesson), times=4)
    assert (delivery.state, Job.objects.count()) == (State.WAITING_HUMAN, 0)
    settings.CHANNELS = {**settings.CHANNELS, "POLL_FOR_AT_MOST": 0.0}
    requests.retry(delivery.pk)
    assert carry(delivery).state == State.PUBLISHED
    assert Article.objects.count() == 1


def test_after_the_longest_review_what_is_nowhere_begins_anew(wechat, platform, lesson, settings):
    fault("freepublish/submit", "http500")
    delivery = carry(ask(lesson), times=4)
    Draft.objects.all().delete()
    settings.CHANNELS = {**settings.CHANNELS, "POLL_FOR_AT_MOST": 0.0}
    requests.retry(delivery.pk)
    assert carry(delivery).state == State.PUBLISHED
    assert Article.objects.count() == 1
