"""An address asked of this very process, as a stranger asks: the whole way, every middleware."""

import io
from dataclasses import dataclass
from functools import cache
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse

# In the environment of such a request; no header can put it there.
FRESH = "studyhub.fresh"
# Of each answer anew: by the middleware in front, or by how it is packed.
NOT_KEPT = {
    "content-length",
    "content-encoding",
    "cross-origin-opener-policy",
    "etag",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
}


@dataclass(frozen=True)
class Rendered:
    """A page for everybody: its plain bytes and the headers that belong to them."""

    body: bytes
    headers: dict[str, str]


def render(address: str) -> Rendered | None:
    """None where the answer is not everybody's, or not 200."""
    response = ask(address)
    for_everybody = response.get("Cache-Control", "").startswith("public")
    if response.status_code != 200 or response.streaming or response.cookies or not for_everybody:
        return None
    headers = {name: value for name, value in response.items() if name.lower() not in NOT_KEPT}
    return Rendered(response.content, headers)


def ask(address: str) -> HttpResponse:
    """The answer as it is made now, whatever is stored."""
    whole = urlsplit(settings.PUBLIC_URL)
    port = str(whole.port or (443 if whole.scheme == "https" else 80))
    environment = {
        FRESH: True,
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": whole.hostname or "localhost",
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": whole.netloc,
        "HTTP_X_FORWARDED_PROTO": whole.scheme,
        "wsgi.url_scheme": whole.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    return cast(HttpResponse, _handler().get_response(WSGIRequest(environment)))


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler
