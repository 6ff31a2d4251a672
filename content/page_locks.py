"""One editor's press at a time on one page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from content.models.page_state import lock_page

View = Callable[..., HttpResponse]
PAGE_KWARGS = ("page_id", "page_to_move_id")


def one_at_a_time(view: View) -> View:
    """Hold the page's row from before it is read until the transaction of the request ends.

    For the editors' views that write, which name the page in their address: Wagtail reads it first
    and writes it later, so who comes second must read what the first has written.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if transaction.get_connection().in_atomic_block:
            for name in PAGE_KWARGS:
                if name in kwargs:
                    lock_page(kwargs[name])
        return view(request, *args, **kwargs)

    return wrapped
