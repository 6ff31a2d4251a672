"""The content API: Wagtail's own, with the product's rules.

Pages that are open are for everybody. Pictures, documents and snippets are lists of the desk,
drafts and originals included: they are for those who work there (decision 0015).
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from wagtail.api.v3.auth import BearerTokenAuth
from wagtail.api.v3.urls import api

from studyhub.api.errors import problem_of
from studyhub.core.errors import StudyhubError

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


api.add_exception_handler(StudyhubError, refuse)
close_the_desks_lists()
cms_api = api
