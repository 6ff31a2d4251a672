"""What only one process may do at a time; the lock ends with the process, however that ends."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from studyhub.core.errors import Conflict


@contextlib.contextmanager
def held(lock: Path, refusal: Conflict) -> Iterator[None]:
    """Raises ``refusal`` while another holds it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise refusal from None
        yield
