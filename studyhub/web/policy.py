"""What pages may load and run: files of this site, and what each kind of page cannot do without."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"
# Of components/appearance_script.html; a test computes it again.
APPEARANCE_SCRIPT = "sha256-MChvRTl7/8qrVv4c15ZHkus479Q2ezHJ8ke3ZcoEKKY="
# A file that somebody uploaded runs nothing, whatever it is and wherever it is opened.
FILES = "default-src 'none'; sandbox"
# An answer for programs, opened in a browser, is text.
ANSWERS = "default-src 'none'; frame-ancestors 'none'"
# Wagtail's forms bring inline scripts of their own; from elsewhere comes nothing all the same.
DESK_SCRIPTS = "'self' 'unsafe-inline'"
# What no page of ours asks a phone for.
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


def policy(scripts: str = f"'self' '{APPEARANCE_SCRIPT}'") -> str:
    """The header's value; pictures and sound also from the storage they are kept in."""
    stored = _elsewhere(settings.MEDIA_URL)
    rules = {
        "default-src": "'self'",
        "script-src": scripts,
        "img-src": f"'self' data: blob:{stored}",
        "media-src": f"'self' blob:{stored}",
        "style-src": "'self' 'unsafe-inline'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'self'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def policy_for(path: str, is_page: bool) -> str | None:
    """The policy of an answer by its address; None for files that are no pages, as scripts are."""
    if path.startswith("/media/"):
        return FILES
    if path.startswith("/api/") and not is_page:
        return ANSWERS
    if path.startswith("/cms/") and is_page:
        return policy(DESK_SCRIPTS)
    return policy() if is_page else None


def _elsewhere(url: str) -> str:
    """The storage that pictures and sound come from, where that is not this site."""
    parts = urlsplit(url)
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""


class ContentSecurityPolicy:
    """Middleware that sends the policy with every answer.

    A view that must say something else says it itself, and is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if rule := policy_for(request.path, is_page):
            response.headers.setdefault(HEADER, rule)
        if is_page:
            response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response
