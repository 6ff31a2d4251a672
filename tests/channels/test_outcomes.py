"""An error decides what happens next: to the delivery, to its account, to the count of tries."""

from datetime import timedelta

import pytest

from studyhub.channels.errors import (
    AccountStopped,
    ChannelRefused,
    ChannelUnavailable,
    ChannelUncertain,
    DraftMissing,
    PersonNeeded,
    QuotaReset,
    QuotaUsedUp,
)
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.worker import outcomes
from studyhub.channels.worker.attempts import outcome_of
from studyhub.channels.worker.lease import claim
from tests.channels.factories import DeliveryFactory

pytestmark = pytest.mark.django_db
State = Delivery.State
WORDS = {"code": "1", "action": "看一眼"}
QUOTA = QuotaUsedUp("满了", reset=QuotaReset.NEXT_MINUTE)


def settled(error, *traits, **values):
    """The row after a worker that held it met the error."""
    held = claim(DeliveryFactory(**dict.fromkeys(traits, True), **values).pk)
    outcomes.settle(held, error)
    return Delivery.objects.select_related("account").get()


@pytest.mark.parametrize(
    ("error", "trait", "state"),
    [
        (ChannelRefused("不行", **WORDS), "in_box", State.REJECTED),
        (DraftMissing("没有了", **WORDS), "in_box", State.REJECTED),
        (PersonNeeded("请看", **WORDS), "in_box", State.WAITING_HUMAN),
        (ChannelUnavailable("连不上", **WORDS), "in_box", State.PREPARING),
        (ChannelUncertain("没答复", **WORDS), "in_box", State.PREPARING),
        (ChannelUnavailable("连不上", **WORDS), "unknown", State.OUTCOME_UNKNOWN),
        (ChannelUncertain("没答复", **WORDS), "submitting", State.OUTCOME_UNKNOWN),
        (ChannelUnavailable("连不上", **WORDS), "in_review", State.IN_REVIEW),
        (AccountStopped("没有权限", **WORDS), "in_box", State.NEEDS_AUTH),
        (QUOTA, "in_box", State.DEFERRED),
        (QUOTA, "in_review", State.IN_REVIEW),
        (QUOTA, "unknown", State.OUTCOME_UNKNOWN),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_the_class_of_the_error_and_what_is_known_decide(error, trait, state):
    row = settled(error, trait)
    assert row.state == state
    assert row.error_detail == error.detail


@pytest.mark.parametrize("error", [AccountStopped("没有权限"), QUOTA], ids=["account", "quota"])
def test_waiting_for_an_account_or_a_quota_is_no_try(error):
    assert settled(error, "in_box", attempts=3).attempts == 3


def test_a_stopped_account_stops_for_all_and_says_what_it_needs():
    account = settled(AccountStopped("没有权限", action="请开通"), "in_box").account
    assert (account.health, account.needs) == (ChannelAccount.Health.PAUSED, "请开通")


def test_the_last_try_ends_in_failed_with_a_way_out(settings):
    settings.CHANNELS = {**settings.CHANNELS, "RETRIES": 3}
    row = settled(ChannelUnavailable("连不上"), "in_box", attempts=2)
    assert (row.state, row.error_action) == (State.FAILED, "平台恢复后点“重试”。")
    assert row.error_detail.startswith("试了 3 次")


@pytest.mark.parametrize("trait", ["unknown", "in_review"])
def test_what_may_be_out_never_fails_by_number_of_tries(trait):
    row = settled(ChannelUnavailable("连不上"), trait, attempts=99)
    assert (row.may_be_out, row.polls) == (True, 1)


@pytest.mark.parametrize(("trait", "state"), [("in_box", "failed"), ("unknown", "waiting_human")])
def test_what_brought_down_workers_is_put_aside_out_or_not(trait, state):
    held = claim(DeliveryFactory(**{trait: True}).pk)
    outcomes.put_aside(held)
    assert (Delivery.objects.get().state, Delivery.objects.get().error_code) == (state, "put_aside")


def test_a_withdrawal_that_is_refused_leaves_the_article_published():
    row = settled(ChannelRefused("不行"), "published", wish="withdraw")
    assert (row.state, row.wish, row.error_detail) == (State.PUBLISHED, "", "不行")


def test_a_withdrawal_that_does_not_get_through_is_tried_again():
    row = settled(ChannelUnavailable("连不上"), "published", wish="withdraw")
    assert (row.state, row.wish) == (State.PUBLISHED, "withdraw")
    assert row.not_before


def test_a_quota_of_a_minute_waits_for_it(settings):
    settings.CHANNELS = {**settings.CHANNELS, "MINUTE_QUOTA_WAIT": 60.0}
    row = settled(QUOTA, "in_box")
    assert timedelta(0) < row.not_before - row.updated_at < timedelta(seconds=61)


@pytest.mark.parametrize(
    ("error", "listed"),
    [
        (DraftMissing("-"), "refused"),
        (ChannelUncertain("-"), "uncertain"),
        (QUOTA, "quota"),
        (AccountStopped("-"), "account"),
        (PersonNeeded("-"), "person"),
        (ChannelUnavailable("-"), "unavailable"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_each_error_has_its_word_in_the_list_of_steps(error, listed):
    assert outcome_of(error) == listed


def test_words_that_are_too_long_for_their_column_are_cut():
    error = ChannelRefused("长" * 900, code="9" * 90, action="做" * 900)
    row = settled(error, "in_box")
    assert (len(row.error_detail), len(row.error_code), len(row.error_action)) == (500, 40, 300)
