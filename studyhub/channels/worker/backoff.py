"""How long to wait for what. Every figure is in ``settings.CHANNELS``."""

import random
from datetime import datetime, timedelta

from studyhub.channels import timings
from studyhub.channels.errors import QuotaReset, QuotaUsedUp
from studyhub.core.clock import BEIJING


def retry_delay(attempts: int) -> timedelta:
    """Before trying again what failed; the tries are spread over a day.

    Up to a quarter longer, so that many deliveries do not come back at the same moment.
    """
    wait = _entry("RETRY_DELAYS", max(attempts - 1, 0))
    return timedelta(seconds=random.uniform(wait, wait * 1.25))  # noqa: S311  jitter, not a secret


def break_delay(failures: int) -> timedelta:
    """How long an account is left alone; grows with the failures beyond the first few."""
    return timedelta(seconds=_entry("BREAK_DELAYS", failures))


def poll_delay(polls: int) -> timedelta:
    """Before asking the platform again; grows with the number of times it was asked."""
    return timedelta(seconds=_entry("POLL_DELAYS", polls))


def watch_delay(looks: int) -> timedelta:
    """Before looking again whether a person has acted at the platform."""
    return timedelta(seconds=_entry("WATCH_DELAYS", looks))


def published_delay(looks: int) -> timedelta:
    """Before looking again whether what is out still is; thins out to once a month."""
    return timedelta(seconds=_entry("PUBLISHED_DELAYS", looks))


def _entry(schedule: str, number: int) -> float:
    """In seconds; the last one goes on for ever."""
    delays = timings.schedule(schedule)
    return delays[min(number, len(delays) - 1)]


def crash_delay(crashes: int) -> timedelta:
    """Before trying again after a mistake of our own."""
    return timings.span("RETRY_FIRST") * crashes


def quota_opens(error: QuotaUsedUp, now: datetime) -> datetime:
    """When the platform takes calls again.

    A daily quota opens at midnight in Beijing; five minutes later the rush is over.
    """
    if error.reset is QuotaReset.NEXT_MINUTE:
        return now + timings.span("MINUTE_QUOTA_WAIT")
    if error.reset is QuotaReset.IN_A_WHILE:
        return now + timings.span("FREQUENCY_WAIT")
    tomorrow = now.astimezone(BEIJING) + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=5, second=0, microsecond=0)
