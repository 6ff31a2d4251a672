"""How the emulated platform writes what it sends: plain or encrypted, XML or JSON.

Written apart from the adapter that reads it, on purpose: a mistake made in both would be found by
nobody.
"""

import base64
import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

MODES, FORMS = ("plain", "compat", "safe"), ("xml", "json")
LOOPBACK = ("127.0.0.1", "::1")
NAMES = {"url", "token", "aes_key", "mode", "form"}
CONTENT_TYPES = {"xml": "text/xml", "json": "application/json"}
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Target:
    """Where an account's callbacks go, and how; as the console would hold it."""

    app_id: str
    url: str
    token: str
    aes_key: str = ""
    mode: str = "plain"
    form: str = "xml"


def faults_of(told: Mapping[str, Any]) -> list[str]:
    """What is wrong with a target, in words; only addresses of this machine are called."""
    target = {"mode": "plain", "form": "xml", **told}
    host = urlsplit(str(told.get("url", ""))).hostname
    checks = (
        (not set(told) - NAMES, f"callback 只有 {'、'.join(sorted(NAMES))}"),
        (host in LOOPBACK, "callback.url 只能是本机（127.0.0.1）"),
        (bool(told.get("token")), "callback.token 必填"),
        (target["mode"] in MODES, f"callback.mode 是 {'、'.join(MODES)} 之一"),
        (target["form"] in FORMS, f"callback.form 是 {'、'.join(FORMS)} 之一"),
        (target["mode"] == "plain" or len(target.get("aes_key", "")) == 43, "aes_key 要 43 位"),
    )
    return [words for good, words in checks if not good] if told else []


def request_of(target: Target, fields: Fields, at: int, nonce: str) -> tuple[dict[str, str], str]:
    """The query and the body of one call."""
    clear = write(fields, target.form)
    query = {"timestamp": str(at), "nonce": nonce}
    query["signature"] = _sign(target.token, str(at), nonce)
    query["openid"] = str(fields.get("FromUserName", ""))
    if target.mode == "plain":
        return query, clear
    sealed = seal(clear.encode(), target)
    query["encrypt_type"] = "aes"
    query["msg_signature"] = _sign(target.token, str(at), nonce, sealed)
    outer = {"ToUserName": fields["ToUserName"], "Encrypt": sealed}
    return query, write({**fields, **outer} if target.mode == "compat" else outer, target.form)


def words_in(target: Target, answer: bytes) -> str:
    """What a follower would read; empty where nothing is said."""
    text = answer.decode()
    if text in ("success", ""):
        return ""
    sealed = _field(text, "Encrypt")
    return _field(unseal(sealed, target).decode() if sealed else text, "Content")


def seal(clear: bytes, target: Target) -> str:
    """AES-256-CBC over 16 random bytes, the length, the text and the AppID."""
    data = os.urandom(16) + len(clear).to_bytes(4, "big") + clear + target.app_id.encode()
    missing = 32 - len(data) % 32
    worker = _aes(target).encryptor()
    return base64.b64encode(worker.update(data + bytes([missing] * missing))).decode()


def unseal(sealed: str, target: Target) -> bytes:
    """The text of an encrypted answer."""
    data = _aes(target).decryptor().update(base64.b64decode(sealed))
    return data[20 : 20 + int.from_bytes(data[16:20], "big")]


def _aes(target: Target) -> "Cipher[modes.CBC]":
    key = base64.b64decode(target.aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def _sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def write(fields: Fields, form: str) -> str:
    """Nested fields; a list is the same element again and again."""
    if form == "json":
        return json.dumps(fields, ensure_ascii=False)
    return f"<xml>{_inside(fields)}</xml>"


def _inside(value: Any) -> str:
    if isinstance(value, dict):
        return "".join(_element(name, part) for name, part in value.items())
    return str(value) if isinstance(value, int) else f"<![CDATA[{value}]]>"


def _element(name: str, value: Any) -> str:
    many = value if isinstance(value, list) else [value]
    return "".join(f"<{name}>{_inside(one)}</{name}>" for one in many)


def _field(text: str, name: str) -> str:
    if text.startswith("{"):
        return str(json.loads(text).get(name, ""))
    found = re.search(rf"<{name}><!\[CDATA\[(.*?)\]\]></{name}>", text, re.DOTALL)
    return found[1] if found else ""
