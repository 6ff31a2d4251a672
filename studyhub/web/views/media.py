"""Pictures and sound from the media directory, with byte ranges (players ask for pieces).

Good for one machine. A server before Django may send the bytes, but only after Django was asked:
which files are for everybody changes with what is published.
"""

import mimetypes
import re
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils._os import safe_join
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from content import catalogue
from studyhub.web.signed_in import PERSONAL

KEEP = "public, max-age=604800"  # names change when contents do
PIECE = 64 * 1024
OPEN_TYPES = ("image/", "audio/", "video/", "text/vtt", "application/pdf")
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)$")
_DIGITS = 18  # of a place in a file; more of them lie behind the end of any


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """One file, whole or a range of it, if an open page shows it or the caller works at the desk;
    kinds a browser would run are not there (404)."""
    file = _file(path)
    keep = _keep(request, path)
    kind = mimetypes.guess_type(file.name)[0] or ""
    if not kind.startswith(OPEN_TYPES) or kind == "image/svg+xml":
        raise Http404
    stat = file.stat()
    tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    head = {
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "Last-Modified": formatdate(stat.st_mtime, usegmt=True),
        "Cache-Control": keep,
    }
    unchanged = get_conditional_response(request, etag=tag, last_modified=int(stat.st_mtime))
    if unchanged is not None:
        return unchanged
    if settings.MEDIA_SENT_FROM:
        return _sent_by_the_server(path, kind, keep)
    wanted = _wanted(request, stat.st_size, tag, head["Last-Modified"])
    if wanted is None:
        head["Content-Range"] = f"bytes */{stat.st_size}"
        return HttpResponse(status=416, headers=head)
    first, last = wanted
    head["Content-Length"] = str(last - first + 1)
    partial = (first, last) != (0, stat.st_size - 1)
    if partial:
        head["Content-Range"] = f"bytes {first}-{last}/{stat.st_size}"
    status = 206 if partial else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=kind, headers=head)
    return StreamingHttpResponse(
        _pieces(file, first, last), status=status, content_type=kind, headers=head
    )


def _sent_by_the_server(path: str, kind: str, keep: str) -> HttpResponse:
    """Django has said yes; nginx sends the bytes, ranges included, from its internal location."""
    headers = {"X-Accel-Redirect": settings.MEDIA_SENT_FROM + quote(path), "Cache-Control": keep}
    return HttpResponse(content_type=kind, headers=headers)


def _keep(request: HttpRequest, path: str) -> str:
    """How long the answer may be kept. What no open page shows is for the desk and for those who
    may see its page, and never kept."""
    if catalogue.is_open_file(path):
        return KEEP
    desk = request.user.has_perm("wagtailadmin.access_admin")
    if desk or catalogue.is_file_for(request, path):
        return PERSONAL
    raise Http404


def _file(path: str) -> Path:
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
        there = file.is_file()  # a name may be too long to be asked for
    except (SuspiciousFileOperation, ValueError, OSError):
        raise Http404 from None
    if not there:
        raise Http404
    return file


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


def _pieces(path: Path, first: int, last: int) -> Iterator[bytes]:
    """Opens the file only once somebody reads, so that a player that leaves early leaks nothing."""
    with path.open("rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
