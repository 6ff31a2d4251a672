"""Encryption of fields at rest, and the keyed index that lets an encrypted value be looked up."""

import hashlib
import hmac
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

from studyhub.core.folding import fold


def _fernet() -> MultiFernet:
    return _fernet_of(tuple(settings.FIELD_KEYS))


@lru_cache(maxsize=4)
def _fernet_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def lookup_index(value: str) -> str:
    """A keyed digest, equal for equal values; to be stored beside the encrypted column."""
    return _digest(settings.SECRET_KEY, value)


def lookup_indexes(value: str) -> list[str]:
    """Filter on these: today's digest, and those of secrets that were in use before.

    Ciphertext of the same value differs every time, so it can not be filtered on.
    """
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [_digest(secret, value) for secret in secrets]


def _digest(secret: str, value: str) -> str:
    return hmac.new(secret.encode(), fold(value).encode(), hashlib.sha256).hexdigest()


def seal(value: str) -> str:
    """Text for a place that is not encrypted by itself, such as a session."""
    return _fernet().encrypt(value.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed; raises ValueError where a key is missing or it is none of ours."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise ValueError(
            "字段无法解密：STUDYHUB_FIELD_KEYS 里缺少写入时用的密钥，请把旧密钥加回列表末尾。"
        ) from error


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text stored encrypted with the newest of ``FIELD_KEYS``; older keys still read it.

    Filtering on it finds nothing; keep a ``lookup_index`` column beside it.
    """

    def get_prep_value(self, value: Any) -> Any:
        if value in (None, ""):
            return value
        return seal(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value in (None, ""):
            return value
        return unseal(value)


class EncryptedJSONField(EncryptedTextField):
    """A JSON value stored as encrypted text."""

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        return super().get_prep_value(json.dumps(value, ensure_ascii=False))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        text = super().from_db_value(value, expression, connection)
        return json.loads(text) if text else {}
