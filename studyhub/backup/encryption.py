"""Backups that only the holder of a key can read: the ``age`` format (decision 0024).

The server knows the public key alone. Whoever takes the server or the disk with the backups reads
nothing; whoever loses the private key neither.
"""

import shutil
from pathlib import Path
from typing import Any

import pyrage
from pyrage import x25519

from studyhub.backup.streams import PIECE, Counted
from studyhub.core.errors import Invalid

SUFFIX = ".age"
_SECRET = "AGE-SECRET-KEY-"  # noqa: S105  how such a key begins


def new_key() -> tuple[str, str]:
    """A private key and its public one."""
    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def check_recipient(text: str) -> None:
    """Empty is well: the backup is not encrypted then."""
    if text:
        _recipient(text)


def seal(source: Counted, target: Counted, recipient: str) -> None:
    """Copy, encrypted for the recipient if there is one."""
    if recipient:
        pyrage.encrypt_io(source, target, [_recipient(recipient)])
    else:
        shutil.copyfileobj(source, target, PIECE)


def unseal(source: Any, target: Counted, key: str) -> None:
    """Copy, decrypted if there is a key. Raises Invalid ``wrong_key``."""
    if not key:
        shutil.copyfileobj(source, target, PIECE)
        return
    try:
        pyrage.decrypt_io(source, target, [x25519.Identity.from_str(key)])
    except pyrage.DecryptError:
        raise _wrong_key() from None


def sealed_word(recipient: str) -> str:
    """A short text that only the right key opens: a wrong one is found out before anything else."""
    return pyrage.encrypt(b"studyhub", [_recipient(recipient)], armored=True).decode()


def check_key(key: str, word: str) -> None:
    try:
        pyrage.decrypt(word.encode(), [x25519.Identity.from_str(key)])
    except pyrage.DecryptError:
        raise _wrong_key() from None


def read_key(path: Path) -> str:
    """The private key in a file of ours or of ``age-keygen``."""
    lines = path.read_text("utf-8", "replace").splitlines()
    found = next((line.strip() for line in lines if line.strip().startswith(_SECRET)), "")
    try:
        x25519.Identity.from_str(found)
    except pyrage.IdentityError:
        raise Invalid(
            "not_a_key", f"{path} 里没有备份的私钥。私钥是以 {_SECRET} 开头的一行，请换对文件。"
        ) from None
    return found


def _recipient(text: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise Invalid(
            "not_a_recipient",
            f"备份的公钥写得不对（{text[:12]}……）。公钥以 age1 开头，"
            "由 manage.py backup_key 打印；请改 STUDYHUB_BACKUP_KEY 或 --to。",
        ) from None


def _wrong_key() -> Invalid:
    return Invalid("wrong_key", "这把私钥打不开这份备份，请换成备份时那把公钥对应的私钥文件。")
