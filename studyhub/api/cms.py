"""The content API: Wagtail's own, with the product's rules.

Pages that are open are for everybody. Pictures, documents and snippets are lists of the desk,
drafts and originals included: they are for those who work there (decision 0015).
"""

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, get_args

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel
from wagtail.api.v3 import auth as wagtail_auth
from wagtail.api.v3.urls import api
from wagtail.models import Page

from studyhub.api.auth import BearerTokenAuth, Scope
from studyhub.api.errors import problem_of
from studyhub.core.errors import Invalid, StudyhubError
from studyhub.people.access import works_on_content

View = Callable[..., Any]
JSON = "application/json"
UNKNOWN = "不认识这一项，请删掉。"
OPEN_TO_ALL = ("/pages/", "/schema/", "/")


class DeskToken(BearerTokenAuth):
    """A token of somebody who may enter the desk."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """As Wagtail does, and refuses those who only learn."""
        known = super().authenticate(request, token)
        if known and not works_on_content(request.user):
            raise PermissionDenied("这个令牌的账号不能进编辑后台，请换有编辑权限的账号。")
        return known


def refuse(request: HttpRequest, error: Any) -> HttpResponse:
    """A rule of ours broken through Wagtail's API."""
    return problem_of(error)


def operations() -> Iterator[tuple[str, Any]]:
    """Each with the prefix it stands under; Wagtail's actions stand in routers within routers."""
    for prefix, router in api._routers:
        for operation in _operations_of(router):
            yield prefix, operation


def _operations_of(router: Router) -> Iterator[Any]:
    for view in router.path_operations.values():
        yield from view.operations
    for _, within, *_ in router._routers:
        yield from _operations_of(within)


def close_the_desks_lists() -> None:
    """Whatever Wagtail or an app of its adds later is closed, unless it is named above."""
    for prefix, operation in operations():
        if prefix not in OPEN_TO_ALL:
            _ask_for(operation, [DeskToken(Scope.CONTENT, Scope.CONTENT)])


def keep_tokens_to_their_scope() -> None:
    """Where Wagtail asks for a token, one of ours is asked for; so it is where it only inherits."""
    scoped = BearerTokenAuth(Scope.CONTENT, Scope.CONTENT)
    for _, operation in operations():
        asked = operation.auth_callbacks or [scoped]
        _ask_for(operation, [scoped if _is_wagtails(one) else one for one in asked])


def _is_wagtails(auth: Any) -> bool:
    return type(auth) is wagtail_auth.BearerTokenAuth


def _ask_for(operation: Any, auth: list[Any]) -> None:
    """Also against the router, whose own would be put in its place when it is mounted."""
    operation.auth_param = operation.auth_callbacks = auth


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


def guard_actions() -> None:
    """Two of Wagtail's actions on a page, each behind a rule of ours."""
    for _, operation in operations():
        if guard := GUARDS.get(operation.operation_id):
            operation.view_func = guard(operation.view_func)


def _live_only_if_said(view: View) -> View:
    """A copy has no restriction of its own: that of a closed lesson would be open to everybody."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, data: Any, **values: Any) -> Any:
        data.keep_live = data.keep_live and "keep_live" in data.model_fields_set
        return view(request, *args, data=data, **values)

    return wrapped


def _moves_below_the_root(view: View) -> View:
    """Beside the root there is no place; Wagtail looks for the page above it and fails."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, data: Any, **values: Any) -> Any:
        within = data.position in ("first-child", "last-child")
        if not within and Page.objects.filter(pk=data.destination_id, depth=1).exists():
            detail = (
                "最上层的旁边放不了页面，什么也没有改。请换一页，或者放到它下面（last-child）。"
            )
            raise Invalid("no_place_there", detail)
        return view(request, *args, data=data, **values)

    return wrapped


GUARDS: dict[str, Callable[[View], View]] = {
    "pages_actions_copy": _live_only_if_said,
    "pages_actions_move": _moves_below_the_root,
}


def _refuse_unknown(sent: dict[str, Any], schema: type[BaseModel]) -> None:
    if unknown := [list(loc) for loc in sorted(_unknown(sent, schema))]:
        names = "、".join(".".join(loc) for loc in unknown)
        all_names = "、".join(sorted(schema.model_fields.keys() - {"meta"}))
        detail = (
            f"这个接口改不了 {names}，什么也没有改。能改的有：{all_names}；正文请在编辑后台里改。"
        )
        errors = [{"loc": loc, "code": "extra_forbidden", "message": UNKNOWN} for loc in unknown]
        raise Invalid("unknown_fields", detail, errors=errors)


def _unknown(sent: Any, schema: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    """Where something stands that the schema has no place for, in what lies within it as well."""
    if not isinstance(sent, dict):
        yield ()
        return
    places = {field.alias or name: field for name, field in schema.model_fields.items()}
    places |= schema.model_fields
    for name, value in sent.items():
        inner = _model_within(places[name].annotation) if name in places else None
        if name not in places:
            yield (name,)
        elif inner and value is not None:
            yield from ((name, *rest) for rest in _unknown(value, inner))


def _model_within(annotation: Any) -> type[BaseModel] | None:
    """Of ``Schema`` and of ``Schema | None``."""
    within = (annotation, *get_args(annotation))
    models = (one for one in within if isinstance(one, type) and issubclass(one, BaseModel))
    return next(models, None)


api.add_exception_handler(StudyhubError, refuse)
close_the_desks_lists()
guard_actions()
keep_tokens_to_their_scope()
refuse_what_nobody_reads()
cms_api = api
