"""Pictures and sound from where files are kept, with byte ranges (players ask for pieces).

A server before Django may send the bytes of a folder, but only after Django was asked: which files
are for everybody changes with what is published.
"""

import mimetypes
import re
from email.utils import formatdate
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from content import catalogue
from studyhub.core.kept_files import StoredFile, kept_files
from studyhub.people.access import works_on_content
from studyhub.web.signed_in import PERSONAL

KEEP = "public, max-age=604800"  # names change when contents do
KEEP_DRAWN = "public, max-age=31536000, immutable"  # a name is of all that is drawn
OPEN_TYPES = ("image/", "audio/", "video/", "text/vtt", "application/pdf")
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)$")
_DIGITS = 18  # of a place in a file; more of them lie behind the end of any


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """One file, whole or a range of it, if an open page shows it or the caller works at the desk;
    kinds a browser would run are not there (404)."""
    kind = mimetypes.guess_type(path)[0] or ""
    if not kind.startswith(OPEN_TYPES) or kind == "image/svg+xml":
        raise Http404
    file = _file(path)
    keep = _keep(request, path)
    head = {
        "Accept-Ranges": "bytes",
        "ETag": file.tag,
        "Last-Modified": formatdate(file.changed, usegmt=True),
        "Cache-Control": keep,
    }
    unchanged = get_conditional_response(request, etag=file.tag, last_modified=int(file.changed))
    if unchanged is not None:
        return unchanged
    if settings.MEDIA_SENT_FROM:
        return _sent_by_the_server(path, kind, keep)
    wanted = _wanted(request, file.size, file.tag, head["Last-Modified"])
    if wanted is None:
        head["Content-Range"] = f"bytes */{file.size}"
        return HttpResponse(status=416, headers=head)
    first, last = wanted
    head["Content-Length"] = str(last - first + 1)
    partial = (first, last) != (0, file.size - 1)
    if partial:
        head["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    status = 206 if partial else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=kind, headers=head)
    return StreamingHttpResponse(
        kept_files().pieces(path, first, last), status=status, content_type=kind, headers=head
    )


def _sent_by_the_server(path: str, kind: str, keep: str) -> HttpResponse:
    """Django has said yes; nginx sends the bytes, ranges included, from its internal location."""
    headers = {"X-Accel-Redirect": settings.MEDIA_SENT_FROM + quote(path), "Cache-Control": keep}
    return HttpResponse(content_type=kind, headers=headers)


def _keep(request: HttpRequest, path: str) -> str:
    """How long the answer may be kept. What no open page shows is for the desk and for those who
    may see its page, and never kept."""
    if catalogue.is_open_file(path):
        return KEEP_DRAWN if catalogue.is_drawing(path) else KEEP
    desk = works_on_content(request.user)
    if desk or catalogue.is_file_for(request, path):
        return PERSONAL
    raise Http404


def _file(path: str) -> StoredFile:
    try:
        return kept_files().look(path)
    except (SuspiciousOperation, ValueError, OSError):  # a name may be too long to be asked for
        raise Http404 from None


def _wanted(request: HttpRequest, size: int, tag: str, changed: str) -> tuple[int, int] | None:
    """First and last byte; the whole file where one cannot tell; None when nothing lies there."""
    whole = (0, size - 1)
    match = _RANGE.match(request.headers.get("Range", "").replace(" ", ""))
    if not match or match.group() == "bytes=-":
        return whole
    if request.headers.get("If-Range", tag) not in (tag, changed):
        return whole
    first, last = (_place(digits) for digits in match.groups())
    if first is None:  # the last so many bytes
        count = min(last or 0, size)
        return (size - count, size - 1) if count else None
    last = size - 1 if last is None else last
    return (first, min(last, size - 1)) if first < size and first <= last else None


def _place(digits: str) -> int | None:
    if not digits:
        return None
    return int(digits) if len(digits) <= _DIGITS else 10**_DIGITS
