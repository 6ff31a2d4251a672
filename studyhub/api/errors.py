"""The one place where an exception becomes a problem document."""

import json
import logging
from collections.abc import Sequence
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, RawPostDataException
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from studyhub.api.types import Problem
from studyhub.core.errors import (
    Conflict,
    FilesAway,
    Invalid,
    NotFound,
    NotSignedIn,
    StudyhubError,
    TooMany,
)

logger = logging.getLogger(__name__)

TITLES = {
    400: "请求读不懂",
    401: "需要登录",
    403: "请求被拒绝",
    404: "没有找到",
    405: "不支持这种请求方式",
    409: "与现有情况冲突",
    413: "内容太大",
    415: "不支持的内容格式",
    422: "内容不符合要求",
    429: "请求太频繁",
    500: "服务器出错",
    503: "暂时无法服务",
}
STATUSES: dict[type[StudyhubError], int] = {
    NotFound: 404,
    Invalid: 422,
    Conflict: 409,
    NotSignedIn: 401,
    TooMany: 429,
    FilesAway: 503,
}
# What pydantic calls a mistake, in words a person can act on.
MESSAGES = {
    "missing": "缺少这一项，请补上。",
    "extra_forbidden": "不认识这一项，请删掉；字段名见接口文档。",
    "uuid_parsing": "应是一个 UUID。",
    "uuid_type": "应是一个 UUID。",
    "int_parsing": "应是整数。",
    "int_type": "应是整数。",
    "bool_parsing": "应是 true 或 false。",
    "string_type": "应是文字。",
    "string_too_long": "太长了，请缩短。",
    "string_too_short": "太短了，请补充。",
    "list_type": "应是一个列表。",
    "dict_type": "应是一个对象。",
    "model_type": "应是一个对象。",
    "model_attributes_type": "应是一个对象。",
    "moment_out_of_reach": "时间太早或太晚，请检查年份。",
    "datetime_parsing": "应是 ISO 8601 时间，例如 2026-11-24T08:00:00+08:00。",
    "datetime_from_date_parsing": "应是 ISO 8601 时间，例如 2026-11-24T08:00:00+08:00。",
    "date_from_datetime_parsing": "应是日期，例如 2026-11-24。",
    "literal_error": "只能取文档里列出的值。",
    "less_than_equal": "太大了，请看文档里的上限。",
    "greater_than_equal": "太小了，请看文档里的下限。",
}
# The contract's code for a word that is not on its list, however the list is declared.
CODES = {"enum": "literal_error"}

PROBLEM_RESPONSES: dict[Any, Any] = {
    frozenset({400, 401, 403, 404, 409, 413, 415, 422, 429, 503}): Problem
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[dict[str, Any]] | None = None,
    headers: dict[str, str] | None = None,
    **extra: Any,
) -> HttpResponse:
    """The answer with a problem document; ``extra`` members stand beside the fixed ones."""
    if errors is not None:
        extra["errors"] = list(errors)
    body = document(status, code, detail, **extra)
    return HttpResponse(
        body, status=status, headers=headers, content_type="application/problem+json"
    )


def document(status: int, code: str, detail: str, **extra: Any) -> bytes:
    """A problem document (RFC 9457) in bytes."""
    body = {
        "type": "about:blank",
        "title": TITLES.get(status, "请求没有成功"),
        "status": status,
        "code": code,
        "detail": detail,
        **extra,
    }
    # What the caller sent may be quoted here, and may hold half a character: it is replaced.
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def problem_of(error: StudyhubError) -> HttpResponse:
    """The problem document of an error of ours.

    ``status`` in ``extra`` overrides the class's; ``retry_after``, in seconds, becomes the header.
    """
    extra = dict(error.extra)
    default = next(s for cls, s in STATUSES.items() if isinstance(error, cls))
    status = extra.pop("status", default)
    retry_after = extra.pop("retry_after", None)
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return problem(status, error.code, error.detail, headers=headers, **extra)


def add_handlers(api: NinjaAPI) -> None:
    """Whatever is raised below the API is answered from this module."""
    handlers = {
        StudyhubError: lambda request, error: problem_of(error),
        ValidationError: _on_validation,
        HttpError: _on_http_error,
        AuthenticationError: _on_anonymous,
        Throttled: _on_throttled,
        Http404: _on_not_found,
        PermissionDenied: _on_forbidden,
        RequestDataTooBig: _on_too_big,
        SuspiciousOperation: _on_suspicious,
        MultiPartParserError: _on_suspicious,
        UnicodeError: _on_suspicious,
        RawPostDataException: _on_form,
        Exception: _on_bug,
    }
    for exception, handler in handlers.items():
        api.add_exception_handler(exception, handler)


def _on_validation(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [
        {
            "loc": [part for part in item["loc"] if part not in ("body", "query", "path", "data")],
            "code": code,
            "message": MESSAGES.get(code, "不符合要求，请对照接口文档。"),
        }
        for item in error.errors
        for code in [CODES.get(item["type"], item["type"])]
    ]
    where = "、".join(".".join(map(str, e["loc"])) for e in errors[:3] if e["loc"])
    detail = f"提交的内容有 {len(errors)} 处不符合要求" + (f"：{where}。" if where else "。")
    return problem(422, "invalid", detail + "请按 errors 里的说明改好再试。", errors=errors)


def _on_http_error(request: HttpRequest, error: Any) -> HttpResponse:
    status = error.status_code
    if status == 403:
        return problem(
            403, "csrf_failed", "页面已过期，请刷新后再试（请求缺少有效的 X-CSRFToken）。"
        )
    if status == 400:
        return problem(400, "malformed", "请求内容不是有效的 JSON，请检查后再发。")
    return problem(status, "http_error", "请求没有成功，请稍后再试。")


def _on_anonymous(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(401, "not_signed_in", "请先登录，再继续。")


def _on_throttled(request: HttpRequest, error: Any) -> HttpResponse:
    wait = str(ceil(error.wait or 60))
    headers = {"Retry-After": wait}
    return problem(429, "too_many", f"请求太频繁，请 {wait} 秒后再试。", headers=headers)


def _on_not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404, "not_found", "没有找到要看的内容，请检查地址。")


def _on_forbidden(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404, "not_found", "没有找到要看的内容，请检查地址。")


def _on_too_big(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(413, "too_large", "一次传得太多，请分成几次再传。")


def _on_suspicious(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(400, "malformed", "请求里有无法识别的内容，请检查后再发。")


def _on_form(request: HttpRequest, error: Any) -> HttpResponse:
    """A form was taken apart in search of its token; its bytes are gone."""
    return problem(415, "bad_content_type", "请用 Content-Type: application/json 提交。")


def _on_bug(request: HttpRequest, error: Any) -> HttpResponse:
    logger.exception("unhandled error in the API", exc_info=error)
    return problem(500, "internal", "服务器出错了，您的内容没有丢，请稍后再试。")


def api_not_found(request: HttpRequest) -> HttpResponse:
    """Addresses below the API that do not exist answer like the API, not like a page."""
    return problem(404, "not_found", "没有这个接口，请对照接口文档检查地址。")
