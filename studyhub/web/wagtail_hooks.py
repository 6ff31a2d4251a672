"""How Wagtail's own pages leave the house, and the second step of signing in at the desk."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.widgets import Button

from studyhub.people.models import User
from studyhub.people.second_factor import factor_of
from studyhub.web.sharing import share
from studyhub.web.signed_in import PERSONAL
from studyhub.web.views import second_factor

Serve = Callable[..., HttpResponse]


def share_public_pages(serve_next: Serve) -> Serve:
    """A page that was made without looking at the reader belongs to everybody; any other to nobody.

    Reading the session is how a page would learn who reads it (a page behind a password does).
    """

    def serve(page: Any, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
        response = serve_next(page, request, args, kwargs)
        if isinstance(response, TemplateResponse):
            response.render()
        if response.status_code != 200 or response.streaming:
            return response
        if request.session.accessed:
            response["Cache-Control"] = PERSONAL
            return response
        return share(request, response)

    return serve


def desk_urls() -> list[URLPattern]:
    place = "second-factor/<row:user_id>/"
    return [path(place, second_factor.take_from, name="take_second_factor")]


def second_factor_button(user: User, request_user: User) -> Iterator[Button]:
    """In the list of users, for administrators, at those who have one; one's own is in ``/me/``."""
    if request_user.is_superuser and user != request_user and factor_of(user):
        url = reverse("take_second_factor", args=[user.pk])
        yield Button("取消两步登录", url=url, icon_name="key", priority=90)


def own_second_factor(request: HttpRequest) -> dict[str, str]:
    """On the page of one's own account."""
    return {
        "url": reverse("second_factor"),
        "label": "两步登录",
        "help_text": "登录时除了密码，再填手机上的一个动态码，或者用安全密钥。",
    }


def own_api_tokens(request: HttpRequest) -> dict[str, str]:
    """On the same page."""
    return {
        "url": reverse("tokens"),
        "label": "接口令牌",
        "help_text": "让别的程序用您的账号读写数据：能做什么、到什么时候，都由您定。",
    }


def name_fields() -> str:
    source = static("web/desk_labels.js")
    return format_html('<script type="module" src="{}"></script>', source)


hooks.register("insert_global_admin_js", name_fields)
hooks.register("on_serve_page", share_public_pages)
hooks.register("register_admin_urls", desk_urls)
hooks.register("register_user_listing_buttons", second_factor_button)
hooks.register("register_account_menu_item", own_second_factor)
hooks.register("register_account_menu_item", own_api_tokens)
