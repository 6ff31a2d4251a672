"""Identifiers."""

import os
import time
from typing import Any
from uuid import UUID


def uuid7() -> UUID:
    """A UUIDv7 (RFC 9562): Unix milliseconds, then random bits; sorts by time of making."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF000 << 64) | 0x7000 << 64
    value = value & ~(0xC000 << 48) | 0x8000 << 48
    return UUID(int=value)


def parse_uuid(value: Any) -> UUID | None:
    """The identifier that somebody wrote, or None: what they sent may be anything at all."""
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        return None
