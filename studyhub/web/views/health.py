"""For machines: is the process up, can it work, how is it doing."""

from collections.abc import Callable
from uuid import uuid4

from celery import current_app
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django_prometheus.exports import ExportToDjangoView

from studyhub.core.models import Heartbeat


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
    name = default_storage.save(f"health/{uuid4().hex}", ContentFile(b"ok"))
    default_storage.delete(name)


CHECKS = {
    "database": _check_database,
    "broker": _check_broker,
    "worker": _check_worker,
    "storage": _check_storage,
}
