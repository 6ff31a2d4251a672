"""Parts of packs from the storage. Addresses hold the version, so a copy is good for ever."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from studyhub.web.sharing import FOR_EVER, share

TYPES = {"lesson.html": "text/html; charset=utf-8", "search.json": "application/json"}


@require_safe
def part(request: HttpRequest, lesson_key: UUID, version: str, name: str) -> HttpResponse:
    """Old versions stay here, so that a download begun before a correction can end."""
    path = f"packs/{lesson_key}/{version}/{name}"
    if name not in TYPES or not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        response = HttpResponse(file.read(), content_type=TYPES[name])
    response["X-Robots-Tag"] = "noindex"
    return share(request, response, keep=FOR_EVER)
