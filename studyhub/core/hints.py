"""Hints to workers that a row waits. The row is the job (decision 0003): a sweep finds it, too."""

import logging
from collections.abc import Callable
from threading import Lock

from django.db import transaction
from kombu.exceptions import OperationalError

from studyhub.core.breaker import Breaker

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


class JoinedHints:
    """One hint for all the rows that come at once, where many come and each must be answered soon.

    Of a process at most one thread waits for the broker; the others leave it to that one. A broker
    that is away is left alone for ``pause`` seconds: the sweep finds the rows.
    """

    def __init__(self, give: Callable[[], object], pause: float = 10.0) -> None:
        self._give = give
        self._breaker = Breaker(pause)
        self._busy = Lock()
        self._wanted = False

    def give(self) -> None:
        """Returns at once while another thread is at it; that one looks again before it ends."""
        self._wanted = True
        while self._wanted and self._busy.acquire(blocking=False):
            try:
                self._wanted = False
                self._try_to_give()
            finally:
                self._busy.release()

    def _try_to_give(self) -> None:
        if not self._breaker.lets_through():
            return
        try:
            self._give()
        except OperationalError as error:
            self._breaker.fail()
            logger.warning("No broker: callbacks and the like wait for the sweep (%s)", error)
        else:
            self._breaker.succeed()
