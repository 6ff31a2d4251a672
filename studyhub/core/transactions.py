"""Transactions around views that are not ours."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def atomic_writes(view: View) -> View:
    """Run the view in one transaction unless it only reads.

    Wagtail's publish view saves the page first and tells its receivers afterwards. Without this, a
    crash in between leaves a lesson live that has no revision and no deliveries.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return wrapped
