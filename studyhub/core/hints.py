"""Hints to workers that a row waits. The row is the job (decision 0003): a sweep finds it, too."""

import logging
from collections.abc import Callable
from threading import Lock, Thread

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


def _in_a_thread(work: Callable[[], None]) -> None:
    Thread(target=work, daemon=True).start()


class JoinedHints:
    """One hint for all the rows that come at once, where many come and each must be answered soon.

    Given by a thread of its own, one at a time: whoever gives a hint waits for no broker. One that
    is away is left alone for ``pause`` seconds; the sweep finds the rows.
    """

    def __init__(
        self,
        tell: Callable[[], object],
        pause: float = 10.0,
        start: Callable[[Callable[[], None]], None] = _in_a_thread,
    ) -> None:
        self._tell = tell
        self._start = start
        self._breaker = Breaker(pause)
        self._busy = Lock()
        self._wanted = False

    def give(self) -> None:
        """Returns at once; while a hint is on its way, that thread looks again before it ends."""
        self._wanted = True
        if self._busy.acquire(blocking=False):
            self._start(self._tell_all)

    def _tell_all(self) -> None:
        try:
            while self._wanted:
                self._wanted = False
                self._try_to_tell()
        finally:
            self._busy.release()
        if self._wanted:  # since the last look
            self.give()

    def _try_to_tell(self) -> None:
        if not self._breaker.lets_through():
            return
        try:
            self._tell()
        except OperationalError as error:
            self._breaker.fail()
            logger.warning("No broker: callbacks and the like wait for the sweep (%s)", error)
        else:
            self._breaker.succeed()
