"""What WeChat sends to the address that is entered in its console: README.md, Callbacks."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from studyhub.channels.adapters.wechat import cipher
from studyhub.channels.adapters.wechat.envelopes import (
    Fields,
    Unreadable,
    read_body,
    text_of,
    write_body,
)
from studyhub.channels.callback_ports import (
    CallbackRefused,
    Incoming,
    Message,
    Reply,
    Topic,
    refuse_stale,
)

TEXT = "text/plain; charset=utf-8"
DONE = Reply(b"success", TEXT)
WRONG_SIGNATURE = "签名不对，请核对这里和公众平台里的令牌是不是一样。"
NO_TOKEN = "还没有设置回调令牌，请系统管理员补上。"  # noqa: S105  a sentence
NO_KEY = "加密的消息要有消息加解密密钥，请系统管理员补上。"
WRONG_KEY = "解不开，请核对消息加解密密钥和开发者账号是不是和公众平台里的一样。"
CLEAR = "来的是明文，这里设置的是加密。请在公众平台改成安全模式。"
UNREADABLE = "内容看不懂，请核对公众平台里的数据格式。"
MODES = {"plain": "明文模式", "compat": "兼容模式", "safe": "安全模式"}
MASS_SEND = "masssendjobfinish"


class WeChatReceiver:
    """Passes the contract of ``callback_ports.Receiver``.

    Encrypted callbacks are read wherever there is a key; clear ones only where the account says
    ``plain``: otherwise anybody could choose not to encrypt.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._app_id = str(settings.get("app_id", ""))
        self._has_token = bool(settings.get("token"))
        self._token = str(settings.get("token") or secrets.token_hex())
        names = ("aes_key", "previous_aes_key")
        self._keys = [str(settings[name]) for name in names if settings.get(name)]
        mode = settings.get("callback_mode") or ("safe" if self._keys else "plain")
        self._mode = str(mode)

    @property
    def protection(self) -> str:
        if not self._has_token:
            return NO_TOKEN
        return MODES[self._mode] if self._mode == "plain" or self._keys else NO_KEY

    def read(self, incoming: Incoming) -> Message:
        if incoming.method == "GET":
            self._refuse_unsigned(incoming, "signature")
            echo = incoming.query.get("echostr", "").encode("utf-8", "replace")
            return Message(Topic.CHECK, lambda words: Reply(echo, TEXT), name="verification")
        try:
            return self._read_push(incoming)
        except Unreadable:
            raise CallbackRefused(UNREADABLE) from None

    def _read_push(self, incoming: Incoming) -> Message:
        fields, form = read_body(incoming.body)
        sealed = text_of(fields, "Encrypt")
        if not sealed:
            self._refuse_unsigned(incoming, "signature")
            if self._mode != "plain":
                raise CallbackRefused(CLEAR)
            return _message_of(fields, _replies(fields, form, incoming.at))
        self._refuse_unsigned(incoming, "msg_signature", sealed)
        clear, key = self._decrypt(sealed)
        fields, form = read_body(clear)
        reply = _replies(fields, form, incoming.at, self._sealing(key, form, incoming))
        return _message_of(fields, reply)

    def _refuse_unsigned(self, incoming: Incoming, name: str, *more: str) -> None:
        query = incoming.query
        parts = (self._token, query.get("timestamp", ""), query.get("nonce", ""), *more)
        if not cipher.is_signed(query.get(name, ""), *parts):
            raise CallbackRefused(WRONG_SIGNATURE if self._has_token else NO_TOKEN)
        refuse_stale(query.get("timestamp", ""), incoming.at)

    def _decrypt(self, sealed: str) -> tuple[bytes, str]:
        """The text and the key that opened it: today's or the one before."""
        for key in self._keys:
            try:
                return cipher.decrypt(sealed, self._app_id, key), key
            except cipher.Undecipherable:
                continue
        raise CallbackRefused(WRONG_KEY if self._keys else NO_KEY)

    def _sealing(self, key: str, form: str, incoming: Incoming) -> Callable[[bytes], bytes]:
        """Makes of a clear answer the encrypted one, under the key of the question."""
        now, nonce = int(incoming.at), incoming.query.get("nonce", "")

        def sealing(clear: bytes) -> bytes:
            sealed = cipher.encrypt(clear, self._app_id, key)
            signed = cipher.signature(self._token, str(now), nonce, sealed)
            told = {"Encrypt": sealed, "MsgSignature": signed, "Nonce": nonce}
            return write_body({**told, "TimeStamp": now}, form)

        return sealing


def _replies(
    fields: Fields, form: str, at: float, sealing: Callable[[bytes], bytes] = bytes
) -> Callable[[str], Reply]:
    def reply(words: str) -> Reply:
        if not words:
            return DONE
        answer: dict[str, str | int] = {
            "ToUserName": text_of(fields, "FromUserName"),
            "FromUserName": text_of(fields, "ToUserName"),
            "CreateTime": int(at),
            "MsgType": "text",
            "Content": words,
        }
        return Reply(sealing(write_body(answer, form)), form)

    return reply


def _message_of(fields: Fields, reply: Callable[[str], Reply]) -> Message:
    kind = text_of(fields, "MsgType").lower()
    if not kind:
        raise Unreadable
    if kind == "event":
        return _event_of(fields, reply)
    words = text_of(fields, "Content") if kind == "text" else ""
    return Message(Topic.WORDS, reply, _identity(fields), name=kind[:60], words=words)


def _event_of(fields: Fields, reply: Callable[[str], Reply]) -> Message:
    event = text_of(fields, "Event").lower()
    job = fields.get("PublishEventInfo")
    if isinstance(job, dict):  # whatever the event is called: its name was misspelled once
        return _end_of_job(fields, event, job, reply)
    if event == MASS_SEND:
        return _end_of_job(fields, event, fields, reply)
    topic = Topic.WORDS if event in ("click", "subscribe") else Topic.OTHER
    words = text_of(fields, "EventKey") if event == "click" else ""
    return Message(topic, reply, _identity(fields), name=event[:60], words=words)


def _end_of_job(fields: Fields, event: str, job: Fields, reply: Callable[[str], Reply]) -> Message:
    told = {name: text_of(job, name) for name in ("publish_id", "publish_status", "article_id")}
    told |= {name: text_of(fields, name) for name in ("MsgID", "Status")}
    facts = {name: value[:200] for name, value in told.items() if value}
    submission = facts.get("publish_id", "")
    numbers = tuple(facts[name] for name in ("publish_id", "MsgID") if name in facts)
    return Message(
        Topic.JOB_ENDED,
        reply,
        _identity(fields, *numbers),
        name=event[:60],
        submission_id=submission,
        numbers=numbers,
        facts=facts,
    )


def _identity(fields: Fields, *numbers: str) -> str:
    """The platform gives messages a number; events are told apart by who, when, what."""
    if number := text_of(fields, "MsgId"):
        return f"message {number}"
    names = ("FromUserName", "CreateTime", "Event", "EventKey")
    return "\n".join([*(text_of(fields, name) for name in names), *numbers])
