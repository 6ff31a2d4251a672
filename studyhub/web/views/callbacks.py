"""Where outside platforms call: ``/hooks/KIND/KEY``. No session, no form, nothing to keep."""

import time
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from studyhub.channels import inbox
from studyhub.channels.callback_ports import CallbackRefused, Incoming
from studyhub.channels.tasks import handle_callbacks
from studyhub.core.hints import JoinedHints

MOST_BYTES = 64 * 1024


# No second try of Celery's own: the sweep is better at waiting.
hints = JoinedHints(partial(handle_callbacks.apply_async, retry=False))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Verify, keep once, answer. Whatever is wrong with it, a caller from outside hears nothing."""
    body = request.read(MOST_BYTES + 1) if request.method == "POST" else b""
    if len(body) > MOST_BYTES:
        return HttpResponse(status=413)
    try:
        reply, is_news = inbox.receive(kind, key, _incoming(request, body))
    except KeyError:
        raise Http404 from None
    except CallbackRefused:
        return HttpResponse(status=403)
    if is_news:
        hints.give()
    return HttpResponse(reply.body, content_type=reply.content_type)


def _incoming(request: HttpRequest, body: bytes) -> Incoming:
    return Incoming(
        method=str(request.method),
        query=request.GET.dict(),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        at=time.time(),
    )
