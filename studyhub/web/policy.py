"""What our own pages may load and run: files of this site, and the one small script in the head."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"
# Of components/appearance_script.html; a test computes it again.
APPEARANCE_SCRIPT = "sha256-Q2DQ7AVlqVFhdgf3GS/yxk06Fi2fbOoAufOIg2RPhL4="
# A file that somebody uploaded runs nothing, whatever it is and wherever it is opened.
FILES = "default-src 'none'; sandbox"
# Wagtail's editor and the documentation page of the API bring inline scripts of their own.
ELSEWHERE = ("/cms/", "/api/")


def policy() -> str:
    """The header's value; pictures and sound also from the storage they are kept in."""
    stored = _elsewhere(settings.MEDIA_URL)
    rules = {
        "default-src": "'self'",
        "script-src": f"'self' '{APPEARANCE_SCRIPT}'",
        "img-src": f"'self' data: blob:{stored}",
        "media-src": f"'self' blob:{stored}",
        "style-src": "'self' 'unsafe-inline'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _elsewhere(url: str) -> str:
    """The storage that pictures and sound come from, where that is not this site."""
    parts = urlsplit(url)
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""


class ContentSecurityPolicy:
    """Middleware that sends the policy with every page of ours.

    A view that must say something else says it itself, and is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/media/"):
            response.headers.setdefault(HEADER, FILES)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and not request.path.startswith(ELSEWHERE):
            response.headers.setdefault(HEADER, policy())
        return response
