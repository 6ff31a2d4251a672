"""Transactions around views that are not ours."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def writes_by_itself(view: View) -> View:
    """For a view that works for seconds before it writes: nobody else waits for it meanwhile. Its
    writes are whole by themselves."""
    vars(view)["writes_by_itself"] = True
    return view


def atomic_writes(view: View) -> View:
    """Run the view in one transaction unless it only reads.

    Wagtail's publish view saves the page first and tells its receivers afterwards. Without this, a
    crash in between leaves a lesson live that has no revision and no deliveries.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        reads = request.method in ("GET", "HEAD", "OPTIONS")
        if reads or getattr(view, "writes_by_itself", False):
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return wrapped
