"""Parts of packs from the storage. Addresses hold the version, so a copy is good for ever."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from content import catalogue
from studyhub.web.sharing import FOR_EVER, share

WORDS = "text/plain; charset=utf-8"
TYPES = {"lesson.html": "text/html; charset=utf-8", "search.json": "application/json"}


@require_safe
def part(request: HttpRequest, lesson_key: UUID, version: str, name: str) -> HttpResponse:
    """Old versions stay here, so that a download begun before a correction can end. Those of a
    lesson that is no longer open are gone (410)."""
    path = f"packs/{lesson_key}/{version}/{name}"
    if name not in TYPES or not default_storage.exists(path):
        raise Http404
    if not catalogue.is_open(lesson_key):
        return HttpResponse(
            "这一课已经下架。", status=410, content_type="text/plain; charset=utf-8"
        )
    with default_storage.open(path) as file:
        response = HttpResponse(file.read(), content_type=TYPES[name])
    response["X-Robots-Tag"] = "noindex"
    return share(request, response, keep=FOR_EVER)
