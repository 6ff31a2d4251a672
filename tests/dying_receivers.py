"""What hears a signal and fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.dispatch import Signal


@contextmanager
def dying(signal: Signal, only: UUID | None = None) -> Iterator[None]:
    """Who hears the signal fails: always, or for one lesson."""

    def fail(lesson_key: UUID, **said: Any) -> None:
        if only in (None, lesson_key):
            raise RuntimeError("接收方没有了")

    signal.connect(fail)
    try:
        yield
    finally:
        signal.disconnect(fail)
