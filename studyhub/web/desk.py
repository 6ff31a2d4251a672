"""What the desk's views, which are Wagtail's own, say when a rule of ours is broken in them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from studyhub.core.errors import StudyhubError

View = Callable[..., HttpResponse]


def explains_refusals(view: View) -> View:
    """Back to the page the editor came from, with the words of the error above it."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except StudyhubError as problem:
            if request.method in ("GET", "HEAD"):
                raise
            messages.error(request, problem.detail)
            return HttpResponseRedirect(request.get_full_path())

    return wrapped
