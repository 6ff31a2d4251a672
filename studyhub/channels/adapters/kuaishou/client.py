"""Speaking with open.kuaishou.com: tokens, hosts that take files, answers that are missing."""

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from studyhub.channels.adapters.kuaishou import answers
from studyhub.channels.adapters.kuaishou.answers import AUTHORISE, Ask
from studyhub.channels.errors import AccountStopped, ChannelUnavailable, ChannelUncertain
from studyhub.channels.lines import Answer, Line
from studyhub.channels.ports import Base, Grant, Kit, Token

BASE = Base("KUAISHOU_API_BASE", live="https://open.kuaishou.com", sandbox="/kuaishou")
SCOPES = ("user_info", "user_video_publish", "user_video_info", "user_video_delete")
NEEDED = {"user_video_publish", "user_video_info"}
UPLOAD = 60.0
# Only names, no address of a network of ours: the host comes from an answer.
HOST = re.compile(r"(?=.*[a-z])[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(:\d{1,5})?")


class KuaishouClient:
    """One account. Raises only errors of ours; none of them carries a token or a secret."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._line = Line(kit, "快手", BASE)

    def authorise_url(self, state: str, back: str) -> str:
        query = {
            "app_id": self._kit.settings["app_id"],
            "scope": ",".join(SCOPES),
            "response_type": "code",
            "redirect_uri": back,
            "state": state,
            "ua": "pc",
        }
        return f"{self._kit.base}/oauth2/authorize?{urlencode(query)}"

    def exchange(self, code: str) -> Token:
        return self._token("access_token", grant_type="authorization_code", code=code)

    def ask(self, path: str, gives: str, **params: str) -> Answer:
        """A question: safe to repeat, and never answered by a refusal."""
        return self._with_token("GET", path, Ask.QUESTION, gives, params)

    def repeat(self, path: str, gives: str, **params: str) -> Answer:
        """A change of which twice is the same as once."""
        return self._with_token("POST", path, Ask.REPEATABLE, gives, params)

    def tell(self, path: str, gives: str, params: dict[str, str], **request: Any) -> Answer:
        """A change: when the answer is lost, it may have happened."""
        return self._with_token("POST", path, Ask.CHANGE, gives, params, **request)

    def gateway(self, method: str, host: str, path: str, gives: str = "", **request: Any) -> Answer:
        """The host that takes a file; it knows the upload by its number and asks for no token."""
        if not self._is_trusted(host):
            raise ChannelUnavailable("快手给出的上传地址不对。", code="bad_endpoint")
        url = f"http://{host}/api/upload{path}"
        request = {"read": UPLOAD, **request}
        answer = self._line.call(method, url, lost=ChannelUnavailable, **request)
        return _checked(answer, Ask.REPEATABLE, gives)

    def _is_trusted(self, host: str) -> bool:
        return self._kit.sandbox or bool(HOST.fullmatch(host))

    def _with_token(
        self, method: str, path: str, kind: Ask, gives: str, params: dict[str, str], **request: Any
    ) -> Answer:
        """Make a call, and once more with a new token when the first is refused."""
        token = self._kit.tokens.read(self._renew)
        answer = self._send(method, path, token, kind, params, **request)
        if answers.number_of(answer) in answers.TOKEN_CODES:
            token = self._kit.tokens.read(self._renew, stale=token)
            answer = self._send(method, path, token, kind, params, **request)
        return _checked(answer, kind, gives)

    def _send(
        self, method: str, path: str, token: str, kind: Ask, params: dict[str, str], **request: Any
    ) -> Answer:
        query = {"app_id": self._kit.settings["app_id"], "access_token": token, **params}
        url = f"{self._kit.base}/openapi/photo/{path}"
        return self._line.call(method, url, lost=_lost(kind), params=query, **request)

    def _renew(self) -> Token:
        """The refresh token is used up by this: what comes is stored before it is used."""
        grant = self._kit.tokens.grant()
        if grant is None:
            raise AccountStopped("快手账号还没有授权。", code="not_authorised", action=AUTHORISE)
        if grant.seconds_left <= 0:
            raise AccountStopped("快手账号的授权到期了。", code="grant_ended", action=AUTHORISE)
        token = self._token(
            "refresh_token", grant_type="refresh_token", refresh_token=grant.refresh
        )
        given = token.grant or grant
        whole = replace(
            given, refresh=given.refresh or grant.refresh, open_id=given.open_id or grant.open_id
        )
        return replace(token, grant=whole)

    def _token(self, call: str, **params: str) -> Token:
        query = {
            "app_id": self._kit.settings["app_id"],
            "app_secret": self._kit.settings["app_secret"],
            **params,
        }
        answer = self._line.get(f"/oauth2/{call}", params=query)
        if answers.number_of(answer) != answers.OK and "discarded" in _said(answer):
            raise AccountStopped("快手账号的授权失效了。", code="discarded", action=AUTHORISE)
        return _token_from(_checked(answer, Ask.QUESTION, "access_token"))


def _token_from(answer: Answer) -> Token:
    scopes = answer.get("scopes") or []
    if not set(scopes) >= NEEDED:
        raise AccountStopped(
            "快手账号没有给“发布视频”和“查看视频”的权限。",
            code="scope_missing",
            action="请重新授权，在快手的页面上勾选全部权限。",
        )
    left = int(answer.get("refresh_token_expires_in") or 0)
    refresh, open_id = str(answer.get("refresh_token", "")), str(answer.get("open_id", ""))
    grant = Grant(refresh, left, open_id, scopes=tuple(scopes))
    return Token(str(answer["access_token"]), int(answer.get("expires_in") or 0), grant)


def _said(answer: Answer) -> str:
    return str(answer.get("error_msg") or answer.get("error") or "")


def _checked(answer: Answer, kind: Ask, gives: str) -> Answer:
    number = answers.number_of(answer)
    if number != answers.OK:
        raise answers.error_for(number, _said(answer), kind)
    if gives and answer.get(gives) in (None, ""):
        raise _lost(kind)("快手的答复里缺少应有的内容。", code="incomplete")
    return answer


def _lost(kind: Ask) -> type[ChannelUncertain | ChannelUnavailable]:
    """What it means when no answer can be read."""
    return ChannelUncertain if kind is Ask.CHANGE else ChannelUnavailable
