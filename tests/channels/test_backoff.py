"""How long to wait: rules on plain numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from studyhub.channels.errors import QuotaReset, QuotaUsedUp
from studyhub.channels.worker import backoff

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # in Beijing


@pytest.fixture(autouse=True)
def _figures(settings, _no_waiting):
    settings.CHANNELS = {
        **settings.CHANNELS,
        "RETRY_FIRST": 5.0,
        "RETRY_DELAYS": (30.0, 600.0, 3600.0),
        "BREAK_DELAYS": (60.0, 900.0),
        "POLL_DELAYS": (5.0, 60.0, 3600.0),
        "MINUTE_QUOTA_WAIT": 60.0,
    }


@pytest.fixture
def no_luck(monkeypatch):
    """Jitter always takes the longest wait."""
    monkeypatch.setattr(backoff.random, "uniform", lambda low, high: high)


@pytest.mark.parametrize(("attempts", "wait"), [(0, 30), (1, 30), (2, 600), (3, 3600), (99, 3600)])
def test_tries_are_further_and_further_apart(no_luck, attempts, wait):
    assert backoff.retry_delay(attempts) == timedelta(seconds=wait * 1.25)


def test_waits_are_spread_so_that_not_all_come_back_at_once():
    waits = {backoff.retry_delay(3) for _ in range(50)}
    assert len(waits) > 1
    assert timedelta(seconds=3600) <= min(waits)


@pytest.mark.parametrize(("failures", "wait"), [(0, 60), (1, 900), (50, 900)])
def test_an_account_is_left_alone_longer_each_time(failures, wait):
    assert backoff.break_delay(failures) == timedelta(seconds=wait)


@pytest.mark.parametrize(("polls", "wait"), [(0, 5), (1, 60), (2, 3600), (3, 3600), (999, 3600)])
def test_the_platform_is_asked_less_and_less_often_and_never_forgotten(polls, wait):
    assert backoff.poll_delay(polls) == timedelta(seconds=wait)


def test_a_mistake_of_ours_waits_longer_each_time():
    assert [backoff.crash_delay(n).seconds for n in (1, 2)] == [5, 10]


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (NOON, datetime(2026, 11, 20, 16, 5, tzinfo=UTC)),
        (datetime(2026, 11, 20, 15, 59, tzinfo=UTC), datetime(2026, 11, 20, 16, 5, tzinfo=UTC)),
        (datetime(2026, 11, 20, 16, 1, tzinfo=UTC), datetime(2026, 11, 21, 16, 5, tzinfo=UTC)),
        (datetime(2026, 12, 31, 10, 0, tzinfo=UTC), datetime(2026, 12, 31, 16, 5, tzinfo=UTC)),
    ],
)
def test_a_daily_quota_opens_five_minutes_after_midnight_in_beijing(now, opens):
    error = QuotaUsedUp("满了", reset=QuotaReset.NEXT_DAY)
    assert backoff.quota_opens(error, now) == opens


def test_a_quota_of_a_minute_opens_after_a_minute():
    error = QuotaUsedUp("太快", reset=QuotaReset.NEXT_MINUTE)
    assert backoff.quota_opens(error, NOON) == NOON + timedelta(minutes=1)
