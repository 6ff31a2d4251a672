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
        "RETRY_MAX": 600.0,
        "POLL_DELAYS": (5.0, 60.0, 3600.0),
        "MINUTE_QUOTA_WAIT": 60.0,
    }


@pytest.fixture
def no_luck(monkeypatch):
    """Jitter always takes the longest wait."""
    monkeypatch.setattr(backoff.random, "uniform", lambda low, high: high)


@pytest.mark.parametrize(("attempts", "longest"), [(0, 5), (1, 5), (2, 10), (3, 20), (7, 320)])
def test_the_longest_wait_doubles_with_each_try(no_luck, attempts, longest):
    assert backoff.retry_delay(attempts) == timedelta(seconds=longest)


@pytest.mark.parametrize("attempts", [8, 20, 500])
def test_no_wait_is_longer_than_its_limit(no_luck, attempts):
    assert backoff.retry_delay(attempts) == timedelta(minutes=10)


def test_waits_are_spread_so_that_not_all_come_back_at_once():
    waits = {backoff.retry_delay(6) for _ in range(50)}
    assert len(waits) > 1
    assert max(waits) <= timedelta(seconds=160)


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
