"""A security key made of software, for tests: what a browser would send, and what a thief might."""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.utils import timezone

from studyhub.people.models import Passkey, User

ADDRESS = "https://study.example.org"
HOST = "study.example.org"
PRESENT, VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Key:
    """Counts its uses, as keys on a ring do; one that is ``counting`` False always says 0."""

    def __init__(self, *, counting: bool = True) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.counting, self.count = counting, 0

    @property
    def name(self) -> str:
        return text(self.id)

    def public_key(self) -> bytes:
        point = self.private.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def make(self, options: dict, *, origin: str = ADDRESS, host: str = HOST) -> str:
        """The answer to ``navigator.credentials.create``, without attestation."""
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self.public_key()
        told = self._told(host, PRESENT | HOLDS_KEY, held)
        statement = {"fmt": "none", "attStmt": {}, "authData": told}
        client = self._client("webauthn.create", options, origin)
        return self._sent({"clientDataJSON": client, "attestationObject": cbor2.dumps(statement)})

    def use(
        self,
        options: dict,
        *,
        origin: str = ADDRESS,
        host: str = HOST,
        flags: int = PRESENT,
        kind: str = "webauthn.get",
    ) -> str:
        """The answer to ``navigator.credentials.get``."""
        self.count += self.counting
        told, client = self._told(host, flags), self._client(kind, options, origin)
        signed = self.private.sign(told + sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {"clientDataJSON": client, "authenticatorData": told, "signature": signed}
        return self._sent(response)

    def _told(self, host: str, flags: int, more: bytes = b"") -> bytes:
        return sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4) + more

    def _client(self, kind: str, options: dict, origin: str) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": origin}
        return json.dumps({**told, "crossOrigin": False}).encode()

    def _sent(self, response: dict[str, bytes]) -> str:
        shown = {name: text(value) for name, value in response.items()}
        return json.dumps(
            {"id": self.name, "rawId": self.name, "type": "public-key", "response": shown}
        )


def give_key(user: User, *, name: str = "办公室的电脑", counting: bool = True) -> Key:
    """A key that the account, which has a second factor, added just now."""
    key = Key(counting=counting)
    Passkey.objects.create(
        factor=user.second_factor,
        name=name,
        credential_id=key.name,
        public_key=key.public_key(),
        made_at=timezone.now(),
    )
    return key
