"""What Douyin's open platform sends: signed over the raw bytes, repeated, in any order."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

from studyhub.channels.callback_ports import CallbackRefused, Incoming, Message, Reply, Topic
from studyhub.core.outside_json import clean_text, is_storable, read_json

JSON = "application/json; charset=utf-8"
WRONG_SIGNATURE = "签名不对，请核对应用密钥是不是和开放平台里的一样。"
NO_SECRET = "还没有设置应用密钥，请系统管理员补上。"  # noqa: S105  a sentence
UNREADABLE = "内容看不懂，不是开放平台的格式。"
KEPT = ("item_id", "share_id", "video_id")  # of an event; nothing of these names a person


def signature(client_secret: str, body: bytes) -> str:
    """SHA-1 over the secret and the bytes as they came."""
    joined = client_secret.encode() + body
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def content_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """An object in some events, JSON in a string in others."""
    content = event.get("content")
    if isinstance(content, str):
        try:
            content = read_json(content)
        except ValueError:
            content = None
    return content if isinstance(content, dict) else {}


def challenge_reply(event: Mapping[str, Any]) -> Reply:
    """The challenge as it came: a number stays a number. Raises CallbackRefused without one."""
    challenge = content_of(event).get("challenge")
    if not isinstance(challenge, str | int) or not is_storable(challenge):
        raise CallbackRefused(UNREADABLE)
    return Reply(json.dumps({"challenge": challenge}).encode(), JSON)


class DouyinReceiver:
    """Passes the contract of ``callback_ports.Receiver``.

    Nothing in a callback says when it was sent: a repeat is told by ``Msg-Id`` alone, or by the
    bytes where there is none.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._has_secret = bool(settings.get("client_secret"))
        self._secret = str(settings.get("client_secret") or secrets.token_hex())

    @property
    def protection(self) -> str:
        return "用应用密钥签名" if self._has_secret else NO_SECRET

    def read(self, incoming: Incoming) -> Message:
        given = incoming.headers.get("x-douyin-signature", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, signature(self._secret, incoming.body).encode()):
            raise CallbackRefused(WRONG_SIGNATURE)
        event = _event_in(incoming.body)
        name = clean_text(str(event.get("event", "")))[:60]
        if name == "verify_webhook":
            answer = challenge_reply(event)
            return Message(Topic.CHECK, lambda words: answer, name=name)
        return _message_of(name, event, incoming)


def _message_of(name: str, event: Mapping[str, Any], incoming: Incoming) -> Message:
    told = content_of(event)
    facts = {key: clean_text(str(told[key]))[:200] for key in KEPT if told.get(key)}
    number = incoming.headers.get("msg-id") or hashlib.sha256(incoming.body).hexdigest()
    return Message(
        Topic.JOB_ENDED if name == "create_video" else Topic.OTHER,
        lambda words: Reply(b"{}", JSON),
        identity=number,
        name=name,
        submission_id=facts.get("share_id", ""),
        numbers=tuple(facts.values()),
        facts=facts,
    )


def _event_in(body: bytes) -> dict[str, Any]:
    try:
        event = read_json(body.decode("utf-8"))
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise CallbackRefused(UNREADABLE)
    return event
