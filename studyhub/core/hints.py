"""Hints to workers that a row waits. The row is the job (decision 0003): a sweep finds it, too."""

import logging
from collections.abc import Callable

from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def give_hint(give: Callable[..., object], *args: object) -> None:
    """A broker that is away costs the time until the next sweep, and fails nobody's request."""
    try:
        give(*args)
    except OperationalError:
        logger.warning("No broker: what was to be hinted waits for the sweep", exc_info=True)


def hint_after_commit(give: Callable[..., object], *args: object) -> None:
    """As ``give_hint``, once the row is there for others to see."""

    def hint() -> None:
        give_hint(give, *args)

    transaction.on_commit(hint)
