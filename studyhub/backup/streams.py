"""Streams that know what went through them, so that nothing is read twice to be hashed."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

PIECE = 1024 * 1024  # bytes
SAY_EVERY = 512 * PIECE
Say = Callable[[str], Any]


class Counted:
    """A binary stream with the size and SHA-256 of all that was read from it or written to it.

    ``say`` hears now and then how far it is: a large database takes minutes.
    """

    def __init__(self, stream: IO[bytes], say: Say | None = None) -> None:
        self._stream, self._say = stream, say
        self._digest = hashlib.sha256()
        self.bytes = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._count(data)
        return data

    def write(self, data: bytes) -> int:
        self._stream.write(data)
        self._count(data)
        return len(data)

    def flush(self) -> None:
        self._stream.flush()

    def _count(self, data: bytes) -> None:
        self._digest.update(data)
        before, self.bytes = self.bytes, self.bytes + len(data)
        if self._say and before // SAY_EVERY != self.bytes // SAY_EVERY:
            self._say(f"    {shown_bytes(self.bytes)} ……")


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def shown_bytes(count: float) -> str:
    """In the unit that fits: ``3.4 GB``."""
    for unit in ("B", "KB", "MB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} GB"
