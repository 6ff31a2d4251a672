"""How WeChat signs and encrypts what it sends to us. Plain Python over ``cryptography``.

Vectors and oddities: README.md beside.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # of the padding; AES itself has blocks of 16
SALT, LENGTH = 16, 4  # bytes before the text


class Undecipherable(Exception):
    """Not encrypted with this key, not for this account, or changed on its way."""


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts, the platform's rule."""
    joined = b"".join(sorted(part.encode("utf-8", "replace") for part in parts))
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def is_signed(given: str, *parts: str) -> bool:
    """Compared in the same time whatever is wrong."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), signature(*parts).encode())


def encrypt(text: bytes, app_id: str, aes_key: str) -> str:
    """As it stands between ``<Encrypt>`` and its end."""
    plain = secrets.token_bytes(SALT) + len(text).to_bytes(LENGTH, "big") + text + app_id.encode()
    padding = BLOCK - len(plain) % BLOCK
    worker = _cipher(aes_key).encryptor()
    sealed = worker.update(plain + bytes([padding]) * padding) + worker.finalize()
    return base64.b64encode(sealed).decode()


def decrypt(sealed: str, app_id: str, aes_key: str) -> bytes:
    """The text. Raises Undecipherable and never says what exactly was wrong."""
    try:
        data = base64.b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        raise Undecipherable from None
    if not data or len(data) % BLOCK:
        raise Undecipherable
    worker = _cipher(aes_key).decryptor()
    return _text_in(_unpadded(worker.update(data) + worker.finalize()), app_id)


def _cipher(aes_key: str) -> "Cipher[modes.CBC]":
    key = base64.b64decode(f"{aes_key}=")  # its last bits may be anything
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def _unpadded(plain: bytes) -> bytes:
    padding = plain[-1]
    if not 1 <= padding <= BLOCK or plain[-padding:] != bytes([padding]) * padding:
        raise Undecipherable
    return plain[:-padding]


def _text_in(plain: bytes, app_id: str) -> bytes:
    begin = SALT + LENGTH
    end = begin + int.from_bytes(plain[SALT:begin], "big")
    if len(plain) < begin or plain[end:] != app_id.encode():
        raise Undecipherable
    return plain[begin:end]
