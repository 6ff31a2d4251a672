"""How long to wait for what. Every figure is in ``settings.CHANNELS``."""

import random
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings

from studyhub.channels.errors import QuotaReset, QuotaUsedUp
from studyhub.core.clock import BEIJING


def seconds(name: str) -> float:
    return cast(float, settings.CHANNELS[name])


def count(name: str) -> int:
    return cast(int, settings.CHANNELS[name])


def span(name: str) -> timedelta:
    return timedelta(seconds=seconds(name))


def retry_delay(attempts: int) -> timedelta:
    """Full jitter, so that many deliveries do not come back at the same moment."""
    ceiling = min(seconds("RETRY_MAX"), seconds("RETRY_FIRST") * 2 ** max(attempts - 1, 0))
    return timedelta(seconds=random.uniform(0, ceiling))  # noqa: S311  jitter, not a secret


def look_delay(looks: int) -> timedelta:
    """Before looking at the platform again; grows with the number of looks."""
    delays = cast("tuple[float, ...]", settings.CHANNELS["LOOK_DELAYS"])
    return timedelta(seconds=delays[min(looks, len(delays) - 1)])


def quota_opens(error: QuotaUsedUp, now: datetime) -> datetime:
    """A daily quota opens at midnight in Beijing; five minutes later the rush is over."""
    if error.reset is QuotaReset.NEXT_MINUTE:
        return now + span("MINUTE_QUOTA_WAIT")
    return (now.astimezone(BEIJING) + timedelta(days=1)).replace(
        hour=0, minute=5, second=0, microsecond=0
    )
