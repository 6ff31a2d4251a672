"""Upload tickets: proof that a phone may append records for one account, and nothing else.

Signed, for 30 days, bound to the account (and to the device, when the phone named it at login). It
reads nothing. Another password and signing out elsewhere (a new ``User.sign_in_generation``) void
all tickets given before.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from studyhub.core.errors import NotSignedIn
from studyhub.people.models import User

LASTS = timedelta(days=30)
SALT = "studyhub.records.ticket"


@dataclass(frozen=True)
class Ticket:
    """For whom records may be appended; ``device_id`` None: from any phone."""

    user: User
    device_id: UUID | None


def give_ticket(user: User, device_id: UUID | None = None) -> str:
    """A new ticket for the account, good for ``LASTS``; with ``device_id`` only from that phone."""
    payload = [str(user.account_id), device_id and str(device_id), _proof(user)]
    return signing.dumps(payload, salt=SALT, compress=True)


def ticket_mark(user: User) -> str:
    """Eight characters that change when tickets become void, so that a phone can tell."""
    return _proof(user)[:8]


def read_ticket(text: str) -> Ticket:
    """The ticket behind the text; raises NotSignedIn for anything but one of ours in force."""
    try:
        account_id, device_id, proof = signing.loads(text, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        raise _void() from None
    user = User.objects.filter(account_id=account_id, is_active=True).first()
    if user is None or proof not in _proofs(user):
        raise _void()
    return Ticket(user, UUID(device_id) if device_id else None)


def _proof(user: User) -> str:
    return _proofs(user)[0]


def _proofs(user: User) -> list[str]:
    """Today's, and those of secrets that were in use before."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return [
        signing.Signer(key=secret, salt=SALT).signature(digest)[:16]
        for secret, digest in zip(secrets, hashes, strict=True)
    ]


def _void() -> NotSignedIn:
    return NotSignedIn(
        "ticket_void", "上传凭证已失效。学习记录仍在这部手机上，请重新登录，登录后会自动上传。"
    )
