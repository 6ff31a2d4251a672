"""What a security key is asked to sign: of one session, for one account and purpose, five minutes.

Taking it is the end of it. That two requests at once do not both take it is seen to by the key's
row, which remembers when it was used (``Passkey.take_use``).
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.http import HttpRequest
from django.utils import timezone

from studyhub.people.models import User

LASTS = timedelta(minutes=5)
_CHALLENGE = "key_challenge"


class Purpose(StrEnum):
    """What a key is asked for."""

    USE = "use"
    NEW = "new"


@dataclass(frozen=True)
class Challenge:
    """What was asked, and when."""

    value: bytes
    made_at: datetime


def give_challenge(request: HttpRequest, user: User, purpose: Purpose) -> bytes:
    """A new one; the one before is void."""
    value = secrets.token_bytes(32)
    request.session[_CHALLENGE] = {
        "value": value.hex(),
        "user": user.pk,
        "purpose": purpose.value,
        "at": timezone.now().isoformat(),
    }
    return value


def take_challenge(request: HttpRequest, user: User, purpose: Purpose) -> Challenge | None:
    """The one this browser was given for this, unless it was taken or is too old."""
    kept = request.session.pop(_CHALLENGE, None)
    if kept is None or (kept["user"], kept["purpose"]) != (user.pk, purpose.value):
        return None
    made_at = datetime.fromisoformat(kept["at"])
    if timezone.now() - made_at > LASTS:
        return None
    return Challenge(bytes.fromhex(kept["value"]), made_at)


def drop_challenge(request: HttpRequest) -> None:
    """It belonged to a sign-in that begins anew, or is over."""
    request.session.pop(_CHALLENGE, None)
