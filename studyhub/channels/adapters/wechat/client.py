"""Speaking with api.weixin.qq.com: addresses, tokens, time-outs, and what a broken line means."""

import json
import logging
from typing import TYPE_CHECKING, Any

from studyhub.channels.adapters.wechat import answers
from studyhub.channels.adapters.wechat.answers import Ask
from studyhub.channels.errors import (
    AccountStopped,
    ChannelUnavailable,
    ChannelUncertain,
    CredentialsRefused,
)
from studyhub.channels.ports import Kit, Picture, Token

if TYPE_CHECKING:
    import httpx

# WeChat wants its token in the address, and these two write whole addresses to the log.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

CONNECT, READ, UPLOAD = 3.0, 10.0, 60.0
SANDBOX_MARK = "X-Studyhub-Sandbox"
Answer = dict[str, Any]


class WeChatClient:
    """One account. Raises only errors of ours; none of them carries a token or a secret."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    def ask(self, path: str, body: Answer, gives: str) -> Answer:
        """A question: safe to repeat, and never answered by a refusal.

        ``gives`` is what an answer holds; without it nothing was said.
        """
        return self._with_token(path, Ask.QUESTION, gives, **_json(body))

    def repeat(self, path: str, body: Answer) -> Answer:
        """A change of which twice is the same as once, so a lost answer counts as not done."""
        return self._with_token(path, Ask.REPEATABLE, "", **_json(body))

    def tell(self, path: str, body: Answer, gives: str) -> Answer:
        """A change: when the answer is lost, it may have happened (ChannelUncertain)."""
        return self._with_token(path, Ask.CHANGE, gives, **_json(body))

    def upload(self, path: str, picture: Picture, gives: str, **params: str) -> Answer:
        """Harmless to repeat, so a lost answer counts as not done."""
        files = {"media": (picture.name, picture.data, picture.content_type)}
        request = {"files": files, "params": params, "read": UPLOAD}
        return self._with_token(path, Ask.REPEATABLE, gives, **request)

    def _with_token(self, path: str, kind: Ask, gives: str, **request: Any) -> Answer:
        """Make a call, and make it once more with a new token when the first is refused.

        WeChat checks the token before anything else: a refused one means that nothing was done.
        """
        token = self._kit.tokens.read(self._fetch_token)
        answer = self._post(path, token, kind, **request)
        if _errcode(answer) in answers.TOKEN_CODES:
            token = self._kit.tokens.read(self._fetch_token, stale=token)
            answer = self._post(path, token, kind, **request)
            if _errcode(answer) in answers.TOKEN_CODES:
                raise CredentialsRefused(
                    "换过令牌以后微信仍然不认。",
                    code=str(_errcode(answer)),
                    action="请检查这个公众号的 AppSecret 是不是重置过，再用 channel put 重新设置。",
                    request_ref=answers.request_ref(str(answer.get("errmsg", ""))),
                )
        return _checked(answer, kind, gives)

    def _fetch_token(self) -> Token:
        """Normal mode: repeated calls give the same token and disturb nobody."""
        body = {
            "grant_type": "client_credential",
            "appid": self._kit.settings["app_id"],
            "secret": self._kit.settings["app_secret"],
            "force_refresh": False,
        }
        answer = self._post("/cgi-bin/stable_token", "", Ask.QUESTION, **_json(body))
        _checked(answer, Ask.QUESTION, "access_token")
        return Token(str(answer["access_token"]), int(answer["expires_in"]))

    def _post(
        self, path: str, token: str, kind: Ask, *, read: float = READ, **request: Any
    ) -> Answer:
        import httpx  # only workers call; web processes need the words of this adapter

        params = {**request.pop("params", {}), **({"access_token": token} if token else {})}
        lost = _lost(kind)
        try:
            response = self._send(path, params, read, request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ChannelUnavailable("连不上微信服务器。", code=type(error).__name__) from None
        except httpx.HTTPError as error:
            raise lost("没有收到微信的答复。", code=type(error).__name__) from None
        self._refuse_masquerade(response)
        if response.status_code >= 300:
            raise lost("微信服务器出错。", code=f"HTTP {response.status_code}")
        try:
            answer = json.loads(response.content.decode())
        except ValueError:
            raise lost("读不懂微信的答复。", code="unreadable") from None
        if not isinstance(answer, dict):
            raise lost("读不懂微信的答复。", code="unreadable")
        return answer

    def _send(
        self, path: str, params: dict[str, str], read: float, request: dict[str, Any]
    ) -> "httpx.Response":
        import httpx

        timeout = httpx.Timeout(read, connect=CONNECT)
        with httpx.Client(
            transport=self._kit.transport, timeout=timeout, trust_env=False
        ) as client:
            return client.post(self._kit.base + path, params=params, **request)

    def _refuse_masquerade(self, response: "httpx.Response") -> None:
        """An answer of the sandbox must never count as WeChat's."""
        if SANDBOX_MARK in response.headers and not self._kit.sandbox:
            raise AccountStopped(
                "微信接口地址指向了渠道沙箱。",
                code="sandbox_answer",
                action="请检查环境变量 WECHAT_API_BASE。",
            )


def _json(body: Answer) -> dict[str, Any]:
    """Said to be JSON, in raw UTF-8: WeChat shows ``\\u`` escapes as they are."""
    text = json.dumps(body, ensure_ascii=False).encode()
    return {"content": text, "headers": {"Content-Type": "application/json; charset=utf-8"}}


def _errcode(answer: Answer) -> int:
    """Sometimes a string; absent means success."""
    try:
        return int(answer.get("errcode") or 0)
    except (TypeError, ValueError):
        return -1


def _checked(answer: Answer, kind: Ask, gives: str) -> Answer:
    if code := _errcode(answer):
        raise answers.error_for(code, str(answer.get("errmsg", "")), kind)
    if gives and answer.get(gives) in (None, ""):
        raise _lost(kind)("微信的答复里缺少应有的内容。", code="incomplete")
    return answer


def _lost(kind: Ask) -> type[ChannelUncertain | ChannelUnavailable]:
    """What it means when no answer can be read."""
    return ChannelUncertain if kind is Ask.CHANGE else ChannelUnavailable
