"""What keys and addresses must be before real people's data is kept: each fault one sentence."""

import base64
import zlib
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

MAKE_SECRET = "python -c 'import secrets; print(secrets.token_urlsafe(64))'"
MAKE_FIELD_KEY = (
    "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
)


def secret_faults(secret: str, demo: str) -> list[str]:
    """Unset, the demo's own, too short, or nothing that chance would make."""
    name = "STUDYHUB_SECRET_KEY"
    if secret in ("", demo):
        return [f"{name} 没有设置，请设为这条命令的输出：{MAKE_SECRET}"]
    if len(secret) < 50 or not _by_chance(secret.encode(), 36):
        return [f"{name} 太短或太容易猜（至少 50 个随机字符），请换成这条命令的输出：{MAKE_SECRET}"]
    return []


def field_key_faults(keys: Iterable[str], demo: str) -> list[str]:
    """The same of the keys for fields; each must be a key at all."""
    keys, name = list(keys), "STUDYHUB_FIELD_KEYS"
    if not keys or demo in keys:
        return [f"{name} 没有设置或含有演示密钥，请设为这条命令的输出：{MAKE_FIELD_KEY}"]
    return [
        f"{name} 里第 {number} 个不是有效的随机密钥，请检查有没有漏抄，或换成这条命令的输出："
        f"{MAKE_FIELD_KEY}"
        for number, key in enumerate(keys, start=1)
        if not (is_field_key(key) and _by_chance(base64.urlsafe_b64decode(key), 28))
    ]


def is_field_key(key: str) -> bool:
    """Whether it has the form of a key."""
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def role_faults(roles: Iterable[str], known: Iterable[str]) -> list[str]:
    """A role spelt wrong would oblige nobody, and nobody would notice."""
    unknown = sorted({*roles} - {*known})
    if not unknown:
        return []
    return [
        f"STUDYHUB_SECOND_FACTOR_ROLES 里没有“{'、'.join(unknown)}”这个角色，"
        f"请从这些里选：{'、'.join(known)}"
    ]


def review_faults(levels: int) -> list[str]:
    """What is published in a Party organisation's name was reviewed by somebody."""
    if 1 <= levels <= 3:
        return []
    return ["STUDYHUB_REVIEW_LEVELS 请写 3、2 或 1：发布一课要过几级审核"]


def twin_faults(levels: int) -> list[str]:
    """Nor does anybody sign a translation of their own."""
    if 1 <= levels <= 3:
        return []
    return ["STUDYHUB_TWIN_LEVELS 请写 3、2 或 1：一段译文要几位懂蒙文的同事签"]


def address_faults(url: str, hosts: Iterable[str]) -> list[str]:
    """The public address leads people here under TLS; only its own hosts are served."""
    faults = []
    if not is_public_https(url):
        faults.append(
            "STUDYHUB_PUBLIC_URL 必须是别人打得开的 https 网址，例如 https://study.example.org"
        )
    if "*" in hosts:
        faults.append("STUDYHUB_ALLOWED_HOSTS 不能是 *，请写自己的域名，例如 study.example.org")
    return faults


def is_public_https(url: str) -> bool:
    """https, a host that is not this machine, and nothing behind it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = not (parts.path or parts.query or parts.fragment or parts.username)
    return parts.scheme == "https" and plain and bool(host) and not _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _by_chance(value: bytes, least: int) -> bool:
    """What chance made cannot be written much shorter; fifty times "a" can."""
    return len(zlib.compress(value, 9)) >= least
