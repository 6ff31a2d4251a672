"""Pages that are the same bytes for everybody: how they may be kept and asked for again."""

import gzip
import hashlib
import re

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

# A copy may be shown for a day while a fresh one is fetched: a reader without signal sees a page.
KEEP = "public, max-age=60, stale-while-revalidate=86400"
# A proxy of ours keeps no page longer than this, whatever browsers may: a page that was taken down
# is asked for again. Seconds.
IN_THE_PROXY = "1"
FOR_EVER = "public, max-age=31536000, immutable"  # the address changes with the contents
WORTH_PACKING = 500  # bytes


def share(request: HttpRequest, response: HttpResponse, keep: str = KEEP) -> HttpResponse:
    """Mark a finished answer as everybody's, with a strong ETag; 304 where the caller has it.

    ``keep`` is the Cache-Control to send.

    Packing here is safe: nothing secret or personal stands in these pages. The packed form is a
    different representation and carries its own tag.
    """
    body = response.content
    tag = tag_of(body)
    patch_vary_headers(response, ["Accept-Encoding"])
    response["Cache-Control"] = keep
    if keep == KEEP:
        response["X-Accel-Expires"] = IN_THE_PROXY
    if len(body) > WORTH_PACKING and takes(request, "gzip"):
        response.content = packed(body)
        response["Content-Encoding"] = "gzip"
        tag += "-gz"
    response["Content-Length"] = str(len(response.content))
    response["ETag"] = f'"{tag}"'
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return answer if isinstance(answer, HttpResponse) else response


def tag_of(body: bytes) -> str:
    """What names these bytes, unpacked."""
    return hashlib.sha256(body).hexdigest()[:32]


def packed(body: bytes) -> bytes:
    """With gzip, the same bytes every time."""
    return gzip.compress(body, compresslevel=6, mtime=0)


def takes(request: HttpRequest, packing: str) -> bool:
    """Whether the caller can unpack it: named in ``Accept-Encoding``, and not with ``q=0``."""
    accepted = request.headers.get("Accept-Encoding", "").lower()
    wanted = rf"(?:^|[\s,]){packing}(?![^\s;,])(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))"
    return packing in accepted and re.search(wanted, accepted) is not None
