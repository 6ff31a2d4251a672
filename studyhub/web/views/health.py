"""For machines: is the process up, can it work, how is it doing."""

import os
from collections.abc import Callable
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django_prometheus.exports import ExportToDjangoView

from studyhub.core.models import Heartbeat

SPACE_NEEDED = 50 * 1024 * 1024  # bytes; the largest upload and then some


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Every part that work needs; 503 names the failing ones."""
    parts = {name: _try(check) for name, check in CHECKS.items()}
    ready = all(result == "ok" for result in parts.values())
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus, for callers on this machine only; a proxy in front adds X-Forwarded-For."""
    local = request.META.get("REMOTE_ADDR") in settings.METRICS_ADDRESSES
    if not local or "X-Forwarded-For" in request.headers:
        return HttpResponseNotFound("not found\n", content_type="text/plain")
    return ExportToDjangoView(request)


def _try(check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as error:  # noqa: BLE001  whatever is wrong, the answer is "this part fails"
        return f"failing: {type(error).__name__}"
    return "ok"


def _check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _check_broker() -> None:
    with current_app.connection_for_write(connect_timeout=3) as broker:
        broker.ensure_connection(max_retries=1, timeout=3)


def _check_worker() -> None:
    if not Heartbeat.is_alive("worker"):
        raise RuntimeError("no heartbeat from the worker")


def _check_storage() -> None:
    """Whether files could be kept, without keeping one: anybody may ask."""
    if not isinstance(default_storage, FileSystemStorage):
        default_storage.exists("health")
        return
    folder = _nearest_folder(Path(default_storage.location))
    left = os.statvfs(folder)
    if not os.access(folder, os.W_OK | os.X_OK) or left.f_flag & os.ST_RDONLY:
        raise PermissionError("the folder of media cannot be written to")
    if left.f_bavail * left.f_frsize < SPACE_NEEDED:
        raise OSError("the disk of media is full")


def _nearest_folder(path: Path) -> Path:
    """Itself, or where it would be made at the first upload."""
    while not path.exists():
        path = path.parent
    if not path.is_dir():
        raise NotADirectoryError("something else is where the folder of media should be")
    return path


CHECKS = {
    "database": _check_database,
    "broker": _check_broker,
    "worker": _check_worker,
    "storage": _check_storage,
}
