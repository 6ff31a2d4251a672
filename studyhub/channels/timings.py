"""The figures of ``settings.CHANNELS``: how patient deliveries are."""

from datetime import timedelta
from typing import cast

from django.conf import settings


def seconds(name: str) -> float:
    """A figure in seconds."""
    return cast(float, settings.CHANNELS[name])


def count(name: str) -> int:
    """A figure that counts something: tries, crashes."""
    return cast(int, settings.CHANNELS[name])


def span(name: str) -> timedelta:
    """A figure in seconds, to be added to a moment."""
    return timedelta(seconds=seconds(name))


def schedule(name: str) -> tuple[float, ...]:
    """A row of waits in seconds, one for each time."""
    return cast("tuple[float, ...]", settings.CHANNELS[name])
