"""The key with which one device of one account signs its receipts: derived, never stored.

Handed out to the signed-in phone (``POST /me/devices``). Signing out elsewhere (a new
``User.sign_in_generation``) changes it.
"""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from studyhub.people.models import User


def receipt_key(user: User, device_id: UUID, secret: str | None = None) -> bytes:
    """32 bytes; ``secret`` is the one to derive from, today's where it is not given."""
    owner = f"studyhub.records.receipt:{user.account_id}:{device_id}:{user.sign_in_generation}"
    key = (settings.SECRET_KEY if secret is None else secret).encode()
    return hmac.new(key, owner.encode(), hashlib.sha256).digest()


def receipt_keys(user: User, device_id: UUID) -> list[bytes]:
    """Today's key, and those of secrets that were in use before."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [receipt_key(user, device_id, secret) for secret in secrets]


def key_text(key: bytes) -> str:
    """The key as JSON carries it to the phone: base64url without padding."""
    return base64.urlsafe_b64encode(key).decode().rstrip("=")
