"""Below ``/api/`` everything that goes wrong is a problem document, whoever noticed it."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from studyhub.api.errors import MESSAGES, document

# What is answered before or beside our routes: Django's and ninja's own pages.
WORDS = {
    400: ("malformed", "请求里有无法识别的内容，请检查后再发。"),
    403: ("refused", "请求被拒绝，请刷新页面、重新登录后再试。"),
    404: ("not_found", "没有这个接口，请对照接口文档检查地址。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方式，请对照接口文档（可用的见 Allow）。"),
    413: ("too_large", "一次传得太多，请分成几次再传。"),
    500: ("internal", "服务器出错了，您的内容没有丢，请稍后再试。"),
}

OTHERWISE = ("http_error", "请求没有成功，请检查后再试。")
# What Wagtail's own API says in English only, and without a code.
WAGTAILS = {
    401: ("not_signed_in", "请带上有效的令牌：Authorization: Bearer …。"),
    403: ("refused", "这个令牌的账号没有这项权限，请换有权限的账号。"),
    404: ("not_found", "没有找到要看的内容，请检查地址。"),
    422: ("invalid", "提交的内容不符合要求，请按 errors 里的说明改好再试。"),
}
# Of its refusals those that have another way out than the account's rights.
LOCKED = (
    "page_locked",
    "这一页锁着，现在不能改，什么也没有存：有同事锁定了它，或者它正在审核。"
    "请在编辑后台看是谁锁的，解锁或者审完以后再试。",
)
NOT_PUBLISHED = (
    "not_published",
    "没有发布：这一页还没有审完，或者账号没有发布的权限。请在编辑后台提交审核，由发布员发布。",
)
_REFUSALS = {"as it is locked": LOCKED, "permission to publish": NOT_PUBLISHED}
_CHINESE = re.compile("[\u4e00-\u9fff]")
_QUOTED = re.compile("“[^”]*”|《[^》]*》")
_ENGLISH = re.compile(r"[A-Za-z]+(?:['’]?[ -][A-Za-z]+){2,}")


class ProblemDocuments:
    """Middleware around all others: what they or Django refuse is answered in the API's form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_of_the_api(request.path_info) and response.status_code >= 400:
            if "json" not in response.get("Content-Type", ""):
                _reword(response)
            elif request.path_info.startswith("/api/cms/"):
                _translate(response)
        return response


def is_of_the_api(path: str) -> bool:
    return path == "/api" or path.startswith("/api/")


def _reword(response: HttpResponse) -> None:
    """Its other headers stay: ``Allow``, ``Retry-After``, cookies."""
    status = response.status_code
    _say(response, document(status, *WORDS.get(status, OTHERWISE)))


def _translate(response: HttpResponse) -> None:
    """Wagtail's document in the words and the form of ours; what is ours already stays."""
    told, status = json.loads(response.content), response.status_code
    if "code" in told:
        return
    code, detail = _refusal(told) or WAGTAILS.get(status) or WORDS.get(status, OTHERWISE)
    extra = {"errors": [_place(one) for one in told["errors"]]} if told.get("errors") else {}
    _say(response, document(status, code, _chinese(told.get("detail"), detail), **extra))


def _refusal(told: dict[str, Any]) -> tuple[str, str] | None:
    said = str(told.get("detail", ""))
    return next((words for part, words in _REFUSALS.items() if part in said), None)


def _place(mistake: dict[str, Any]) -> dict[str, Any]:
    code = mistake.get("type", "invalid")
    loc = [part for part in mistake.get("loc", ()) if part not in ("body", "query", "path", "data")]
    known = MESSAGES.get(code, "不符合要求，请对照接口文档。")
    return {"loc": loc, "code": code, "message": _chinese(mistake.get("msg"), known)}


def _chinese(said: object, otherwise: str) -> str:
    """What is said in Chinese; an English sentence may name a thing in Chinese."""
    if not isinstance(said, str) or not _CHINESE.search(said):
        return otherwise
    said = said.removeprefix("Value error, ")  # pydantic's, before the words of whoever refused
    return otherwise if _ENGLISH.search(_QUOTED.sub("", said)) else said


def _say(response: HttpResponse, told: bytes) -> None:
    response.content = told
    response["Content-Type"] = "application/problem+json"
    response["Content-Length"] = str(len(told))
