"""Pages for requests that went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its token: say what to do, and keep what was typed in the browser."""
    return render(request, "web/csrf_failure.html", status=403)
