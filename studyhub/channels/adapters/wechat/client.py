"""Speaking with api.weixin.qq.com: tokens, and what an answer that is missing means."""

from typing import Any

from studyhub.channels.adapters.wechat import answers
from studyhub.channels.adapters.wechat.answers import Ask
from studyhub.channels.errors import ChannelUnavailable, ChannelUncertain, CredentialsRefused
from studyhub.channels.lines import Answer, Line, as_json, errcode
from studyhub.channels.ports import Base, Kit, Picture, Token

BASE = Base("WECHAT_API_BASE", live="https://api.weixin.qq.com", sandbox="/wechat")
UPLOAD = 60.0


class WeChatClient:
    """One account. Raises only errors of ours; none of them carries a token or a secret."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._line = Line(kit, "微信", BASE)

    def ask(self, path: str, body: Answer, gives: str) -> Answer:
        """A question: safe to repeat, and never answered by a refusal.

        ``gives`` is what an answer holds; without it nothing was said.
        """
        return self._with_token(path, Ask.QUESTION, gives, **as_json(body))

    def repeat(self, path: str, body: Answer) -> Answer:
        """A change of which twice is the same as once, so a lost answer counts as not done."""
        return self._with_token(path, Ask.REPEATABLE, "", **as_json(body))

    def tell(self, path: str, body: Answer, gives: str) -> Answer:
        """A change: when the answer is lost, it may have happened (ChannelUncertain)."""
        return self._with_token(path, Ask.CHANGE, gives, **as_json(body))

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
        if errcode(answer) in answers.TOKEN_CODES:
            token = self._kit.tokens.read(self._fetch_token, stale=token)
            answer = self._post(path, token, kind, **request)
            if errcode(answer) in answers.TOKEN_CODES:
                raise CredentialsRefused(
                    "换过令牌以后微信仍然不认。",
                    code=str(errcode(answer)),
                    action="请看 AppSecret 是不是重置过，再到后台“渠道账号”里填新的。",
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
        answer = self._post("/cgi-bin/stable_token", "", Ask.QUESTION, **as_json(body))
        _checked(answer, Ask.QUESTION, "access_token")
        return Token(str(answer["access_token"]), int(answer["expires_in"]))

    def _post(self, path: str, token: str, kind: Ask, **request: Any) -> Answer:
        params = {**request.pop("params", {}), **({"access_token": token} if token else {})}
        return self._line.post(path, lost=_lost(kind), params=params, **request)


def _checked(answer: Answer, kind: Ask, gives: str) -> Answer:
    if code := errcode(answer):
        raise answers.error_for(code, str(answer.get("errmsg", "")), kind)
    if gives and answer.get(gives) in (None, ""):
        raise _lost(kind)("微信的答复里缺少应有的内容。", code="incomplete")
    return answer


def _lost(kind: Ask) -> type[ChannelUncertain | ChannelUnavailable]:
    """What it means when no answer can be read."""
    return ChannelUncertain if kind is Ask.CHANGE else ChannelUnavailable
