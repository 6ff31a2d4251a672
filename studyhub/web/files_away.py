"""What is said while the place where uploaded files are kept cannot be reached."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from studyhub.core.errors import FilesAway


class SaysFilesAreAway:
    """Middleware: the server is well, and the same request will do later (503)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return files_away(request, error) if isinstance(error, FilesAway) else None


def files_away(request: HttpRequest, error: FilesAway) -> HttpResponse:
    """A page; whoever sent a form finds it as it was filled in one step back in the browser."""
    response = render(
        request,
        "503.html",
        {"detail": error.detail, "sent": request.method not in ("GET", "HEAD")},
        status=503,
    )
    response["Retry-After"] = str(error.RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response
