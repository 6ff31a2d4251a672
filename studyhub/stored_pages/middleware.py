"""Public pages from their stored bytes, before anything else is asked: one indexed query."""

import gzip
import json
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from studyhub.core.signals import memory_outdated
from studyhub.stored_pages.models import Edition, PageChange, StoredPage
from studyhub.stored_pages.release import release
from studyhub.stored_pages.rendering import FRESH
from studyhub.web.sharing import takes

# Where stored addresses begin; nothing else costs a query.
BEGINNINGS = ("/courses/", "/sites/", "/feeds/", "/offline/", "/privacy/", "/receipts/")
PACKINGS = ("br", "gzip")  # best first
# Seconds after a change in which copies come. Until then no proxy keeps what is rendered, or a
# second change behind the first would be seen late; later, a proxy takes readers off us.
WORKER_IS_AWAY = 30


class Found(NamedTuple):
    """The state of the database's pages, and the copy if there is one."""

    number: int
    release: str
    changes: int
    newest: int | None
    headers: str | None
    tag: str
    data: bytes

    @property
    def state(self) -> tuple[int, int, int | None]:
        """Differs whenever something public has changed."""
        return (self.number, self.changes, self.newest)

    @property
    def holds(self) -> bool:
        return bool(self.headers and not self.changes and self.release == release())


class ServesStoredPages:
    """Middleware. What is not stored, or no longer holds, is rendered as ever.

    Then, too, this process must not remember what has changed in another one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.seen: object = None
        self.since = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _may_be_stored(request):
            return self.get_response(request)
        request.get_host()  # refused as everywhere, where it is not one of ours
        # Where the caller takes neither, what is packed with gzip is unpacked here.
        packing = next((one for one in PACKINGS if takes(request, one)), "")
        found = _find(request.path_info, packing)
        if found and found.holds:
            return _answer(request, found, packing)
        if found and found.state != self.seen:
            memory_outdated.send(type(self))
            self.seen, self.since = found.state, monotonic()
        response = self.get_response(request)
        if found and monotonic() - self.since < WORKER_IS_AWAY:
            response["X-Accel-Expires"] = "0"
        return response


def _may_be_stored(request: HttpRequest) -> bool:
    """Not where Wagtail asks for a preview: it goes this way with the address of the page."""
    path = request.path_info
    return (
        settings.STORED_PAGES
        and request.method in ("GET", "HEAD")
        and (path == "/" or path.startswith(BEGINNINGS))
        and not request.META.get("QUERY_STRING")
        and FRESH not in request.META
        and not getattr(request, "is_dummy", False)
    )


def _find(address: str, packing: str) -> Found | None:
    column = "brotli" if packing == "br" else "gzip"
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(column=column), [address])
        row = cursor.fetchone()
    return Found(*row) if row else None


CHANGES, EDITIONS, PAGES = (m._meta.db_table for m in (PageChange, Edition, StoredPage))
# Names only, from the models; the column is one of two.
_STATEMENT = (
    f"SELECT e.number, e.release, (SELECT count(*) FROM {CHANGES}),"  # noqa: S608
    f" (SELECT max(id) FROM {CHANGES}), p.headers, p.tag, p.{{column}}"
    f" FROM {EDITIONS} e LEFT JOIN {PAGES} p ON p.edition = e.number AND p.address = %s"
    " WHERE e.id = 1"
)


def _answer(request: HttpRequest, found: Found, packing: str) -> HttpResponse:
    body, tag = bytes(found.data), found.tag
    headers = json.loads(found.headers or "{}")
    if packing:
        headers["Content-Encoding"] = packing
        tag += f"-{packing[:2]}"
    else:
        body = gzip.decompress(body)
    headers |= {"ETag": f'"{tag}"', "Content-Length": str(len(body))}
    response = HttpResponse(body, headers=headers)
    answer = get_conditional_response(request, etag=headers["ETag"], response=response)
    return answer if isinstance(answer, HttpResponse) else response
