"""What a security key answers, checked: the one place that speaks to the library (WebAuthn).

Plain values in and out, no Django. The library is imported when the first key is used: it takes
15 MB, and most processes never meet a key. Decision 0034.

* KeyRefused      the answer does not hold: malformed, another challenge, a wrong signature
  - ForeignSite   it was given to another site, or to ours at another address
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

LONGEST = 20_000  # characters; an answer without attestation has about 600
LONGEST_ID = 1023  # bytes, as in the standard
TIMEOUT = 300_000  # milliseconds that a browser waits for a touch
_NAME = re.compile(r"[A-Za-z0-9_-]+")
# What the library may raise over foreign bytes beside its own errors.
_UNREADABLE = (LookupError, ValueError, TypeError, AttributeError, OverflowError, RecursionError)


class KeyRefused(Exception):
    """The answer does not hold."""


class ForeignSite(KeyRefused):
    """It was given elsewhere."""


@dataclass(frozen=True)
class KeySite:
    """Whose keys they are: ``host`` is what a key knows, ``origin`` where it may be used."""

    host: str
    origin: str


@dataclass(frozen=True)
class NewKey:
    """What is kept of a key: nothing of it is secret."""

    credential_id: str
    public_key: bytes
    sign_count: int


def ask_for_new(
    site: KeySite, challenge: bytes, *, account: bytes, login: str, name: str, known: Sequence[str]
) -> dict[str, Any]:
    """What ``navigator.credentials.create`` is given; keys that are ``known`` say so themselves."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.host,
        user_id=account,
        user_name=login,
        user_display_name=name,
        challenge=challenge,
        timeout=TIMEOUT,
        attestation=structs.AttestationConveyancePreference.NONE,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_described(known),
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def ask_for_use(site: KeySite, challenge: bytes, *, known: Sequence[str]) -> dict[str, Any]:
    """What ``navigator.credentials.get`` is given: one of the ``known`` keys is to sign."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        timeout=TIMEOUT,
        allow_credentials=_described(known),
        user_verification=structs.UserVerificationRequirement.PREFERRED,
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def check_new(answer: str, *, site: KeySite, challenge: bytes) -> NewKey:
    """The key that was made for this challenge; raises KeyRefused."""
    import webauthn
    from webauthn import helpers

    with _refusing():
        sent = helpers.parse_registration_credential_json(_short(answer))
        told = helpers.parse_attestation_object(sent.response.attestation_object).auth_data
        _refuse_foreign(sent.response.client_data_json, told.rp_id_hash, site)
        made = webauthn.verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
        if len(made.credential_id) > LONGEST_ID:
            raise KeyRefused("the name of the key is too long")
        name = helpers.bytes_to_base64url(made.credential_id)
        return NewKey(name, made.credential_public_key, made.sign_count)


def check_use(answer: str, *, site: KeySite, challenge: bytes, public_key: bytes) -> int:
    """How often the key says that it was used; raises KeyRefused.

    That the number grows is for the caller to see to: to the library it is one fault of many.
    """
    import webauthn
    from webauthn import helpers

    with _refusing():
        sent = helpers.parse_authentication_credential_json(_short(answer))
        told = sent.response.authenticator_data[:32]
        _refuse_foreign(sent.response.client_data_json, told, site)
        used = webauthn.verify_authentication_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
        )
        return used.new_sign_count


def credential_of(answer: str) -> str:
    """The name of the key that answers; raises KeyRefused."""
    with _refusing():
        name = json.loads(_short(answer))["id"]
        if not _NAME.fullmatch(name):  # perhaps nothing that a database can be asked for
            raise KeyRefused("the name of the key is not base64")
        return str(name)


@contextmanager
def _refusing() -> Iterator[None]:
    """Whatever the library says against an answer, as one error of ours."""
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        yield
    except (WebAuthnException, *_UNREADABLE) as problem:
        raise KeyRefused(str(problem)) from problem


def _short(answer: str) -> str:
    if len(answer) > LONGEST:
        raise KeyRefused("the answer is too long")
    return answer


def _refuse_foreign(client_data: bytes, host_digest: bytes, site: KeySite) -> None:
    """Said apart from other faults: whoever opened another address can do something about it."""
    from webauthn import helpers

    told = helpers.parse_client_data_json(client_data)
    own = sha256(site.host.encode()).digest()
    if told.origin != site.origin or told.cross_origin or host_digest != own:
        raise ForeignSite(str(told.origin))


def _described(known: Sequence[str]) -> list[Any]:
    from webauthn import helpers
    from webauthn.helpers import structs

    return [
        structs.PublicKeyCredentialDescriptor(id=helpers.base64url_to_bytes(one)) for one in known
    ]
