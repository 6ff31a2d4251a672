"""One editor's press at a time on one page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from content.models.page_state import lock_page
from studyhub.core.errors import Conflict

View = Callable[..., HttpResponse]
PAGE_KWARGS = ("page_id", "page_to_move_id")


def one_at_a_time(view: View) -> View:
    """Hold the page's row from before it is read until the transaction of the request ends.

    For the editors' views that write, which name the page in their address: Wagtail reads it first
    and writes it later, so who comes second must read what the first has written. A ``Conflict``
    undoes what the view did and is told.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not transaction.get_connection().in_atomic_block:
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                for name in PAGE_KWARGS:
                    if name in kwargs:
                        lock_page(kwargs[name])
                return view(request, *args, **kwargs)
        except Conflict as problem:
            return _refused(request, problem)

    return wrapped


def _refused(request: HttpRequest, problem: Conflict) -> HttpResponse:
    """In Wagtail's own form: its script reads JSON, people read the message on the next page."""
    if request.accepts("text/html"):
        messages.error(request, problem.detail)
        return redirect(request.path)
    told = {"success": False, "error_code": problem.code, "error_message": problem.detail}
    return JsonResponse(told, status=409)
