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
    delays = timings.schedule("RETRY_DELAYS")
    wait = delays[min(max(attempts - 1, 0), len(delays) - 1)]
    return timedelta(seconds=random.uniform(wait, wait * 1.25))  # noqa: S311  jitter, not a secret


def break_delay(failures: int) -> timedelta:
    """How long an account is left alone; grows with the failures beyond the first few."""
    delays = timings.schedule("BREAK_DELAYS")
    return timedelta(seconds=delays[min(failures, len(delays) - 1)])


def poll_delay(polls: int) -> timedelta:
    """Before asking the platform again; grows with the number of times it was asked."""
    delays = timings.schedule("POLL_DELAYS")
    return timedelta(seconds=delays[min(polls, len(delays) - 1)])


def watch_delay(looks: int) -> timedelta:
    """Before looking again whether a person has acted at the platform."""
    delays = timings.schedule("WATCH_DELAYS")
    return timedelta(seconds=delays[min(looks, len(delays) - 1)])


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
