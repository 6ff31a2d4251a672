"""How Wagtail's own pages leave the house."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from wagtail import hooks

from studyhub.web.sharing import share
from studyhub.web.signed_in import PERSONAL

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


hooks.register("on_serve_page", share_public_pages)
