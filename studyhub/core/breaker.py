"""Not asking again, for a while, what has just failed to answer."""

from collections.abc import Callable
from threading import Lock
from time import monotonic


class Breaker:
    """Shut for ``pause`` seconds after a failure; then one caller tries for all the others."""

    def __init__(self, pause: float, clock: Callable[[], float] = monotonic) -> None:
        self._pause = pause
        self._clock = clock
        self._shut_until: float | None = None
        self._lock = Lock()

    def lets_through(self) -> bool:
        with self._lock:
            now = self._clock()
            if self._shut_until is None:
                return True
            if now < self._shut_until:
                return False
            self._shut_until = now + self._pause  # the others wait for what this one finds
            return True

    def fail(self) -> None:
        with self._lock:
            self._shut_until = self._clock() + self._pause

    def succeed(self) -> None:
        with self._lock:
            self._shut_until = None
