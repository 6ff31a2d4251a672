"""The content API: Wagtail's own, with the product's rules.

Pages that are open are for everybody. Pictures, documents and snippets are lists of the desk,
drafts and originals included: they are for those who work there (decision 0015).
"""

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.api.v3.urls import api

from studyhub.api.errors import problem_of
from studyhub.core.errors import Invalid, StudyhubError

View = Callable[..., Any]
JSON = "application/json"
UNKNOWN = "不认识这一项，请删掉。"
OPEN_TO_ALL = ("/pages/", "/schema/", "/")


class DeskToken(BearerTokenAuth):
    """A token of somebody who may enter the desk."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """As Wagtail does, and refuses those who only learn."""
        known = super().authenticate(request, token)
        if known and not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied("这个令牌的账号不能进编辑后台，请换有编辑权限的账号。")
        return known


def refuse(request: HttpRequest, error: Any) -> HttpResponse:
    """A rule of ours broken through Wagtail's API."""
    return problem_of(error)


def operations() -> Iterator[tuple[str, Any]]:
    """Each with the prefix it stands under."""
    for prefix, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                yield prefix, operation


def close_the_desks_lists() -> None:
    """Whatever Wagtail or an app of its adds later is closed, unless it is named above."""
    for prefix, operation in operations():
        if prefix not in OPEN_TO_ALL:
            operation.auth_callbacks = [DeskToken()]


def refuse_what_nobody_reads() -> None:
    """A field that an operation does not know is refused: 200 would say that it was stored."""
    for _, operation in operations():
        if operation.methods[0] in ("POST", "PATCH", "PUT"):
            operation.view_func = _knows_its_fields(operation.view_func)


def _knows_its_fields(view: View) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **values: Any) -> Any:
        if isinstance(values.get("data"), BaseModel) and request.content_type == JSON:
            _refuse_unknown(json.loads(request.body), type(values["data"]))
        return view(request, *args, **values)

    return wrapped


def _refuse_unknown(sent: dict[str, Any], schema: type[BaseModel]) -> None:
    fields = schema.model_fields
    known = fields.keys() | {field.alias for field in fields.values() if field.alias}
    if unknown := sorted(sent.keys() - known):
        names, all_names = "、".join(unknown), "、".join(sorted(fields.keys() - {"meta"}))
        detail = (
            f"这个接口改不了 {names}，什么也没有改。能改的有：{all_names}；正文请在编辑后台里改。"
        )
        errors = [
            {"loc": [name], "code": "extra_forbidden", "message": UNKNOWN} for name in unknown
        ]
        raise Invalid("unknown_fields", detail, errors=errors)


api.add_exception_handler(StudyhubError, refuse)
close_the_desks_lists()
refuse_what_nobody_reads()
cms_api = api
