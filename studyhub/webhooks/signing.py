"""Signatures of Standard Webhooks 1.0.0 (https://www.standardwebhooks.com), symmetric.

Plain Python. Signed are the id, the seconds and the bytes, so that neither an old message nor a
changed one passes for ours.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
SECRET_BYTES = 32  # the standard takes 24 to 64


def new_secret() -> str:
    """A secret as its holder pastes it: ``whsec_`` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, seconds: int, body: bytes) -> str:
    """``v1,`` and base64 of the HMAC-SHA256. Raises ValueError where the secret is not base64."""
    key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    signed = f"{message_id}.{seconds}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def headers(keys: Iterable[str], message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """All three; one signature for each secret that holds at the moment."""
    signed = " ".join(signature(key, message_id, seconds, body) for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": signed,
    }
