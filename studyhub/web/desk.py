"""What the desk's views, which are Wagtail's own, say when a rule of ours is broken in them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

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
            return _refused(request, problem)

    return wrapped


def _refused(request: HttpRequest, problem: StudyhubError) -> HttpResponse:
    """In the form its caller reads: Wagtail's scripts read JSON, people the message on a page."""
    by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    if by_script or not request.accepts("text/html"):
        told = {"success": False, "error_code": problem.code, "error_message": problem.detail}
        return JsonResponse(told, status=409)
    messages.error(request, problem.detail)
    return HttpResponseRedirect(request.get_full_path())
