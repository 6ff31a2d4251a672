"""For machines: is the process up, can it work, how is it doing."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django_prometheus.exports import ExportToDjangoView

from studyhub.core.parts import PARTS


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Every part that work needs; 503 names the failing ones."""
    parts = {name: _try(check) for name, check in PARTS.items()}
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
