"""Codes that an app on the phone makes of a shared secret and the time (TOTP, RFC 6238)."""

import secrets
from base64 import b32decode, b32encode
from hmac import compare_digest

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

PERIOD = 30  # seconds
DIGITS = 6
# One step either way: a phone's clock that is half a minute off, a slow hand.
REACH = (0, -1, 1)


def new_secret() -> str:
    """160 random bits in base32, the spelling every app takes."""
    return b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of one half minute, counted from 1970."""
    return _codes_of(secret).generate(step * PERIOD).decode()


def step_of(secret: str, code: str, now: float) -> int | None:
    """The half minute whose code this is, the present one or a neighbour; None for a wrong code."""
    here, typed = int(now // PERIOD), code.encode("utf-8", "replace")
    for step in (here + away for away in REACH):
        if compare_digest(code_at(secret, step).encode(), typed):
            return step
    return None


def address_of(secret: str, *, login: str, site: str) -> str:
    """What an app reads from the picture: ``otpauth://totp/…``."""
    return _codes_of(secret).get_provisioning_uri(login, site)


def _codes_of(secret: str) -> TOTP:
    # SHA-1 is what every app can do; RFC 6238 has no quarrel with it.
    return TOTP(b32decode(secret), DIGITS, SHA1(), PERIOD)  # noqa: S303
