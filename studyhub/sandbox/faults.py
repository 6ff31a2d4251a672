"""The script of faults: what goes wrong with the next calls to a path, before or after the work."""

import time
from collections.abc import Iterator

from django.db.models import F, Q
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from studyhub.sandbox.models import Call, Clock, Fault

LONGEST_WAIT = 60.0
BEFORE = (Fault.Kind.ERRCODE, Fault.Kind.HTTP_500, Fault.Kind.TIMEOUT, Fault.Kind.DROP)


def take(path: str, account: str) -> Fault | None:
    """The fault that this call meets, if one is left."""
    script = Fault.objects.filter(
        Q(app_id="") | Q(app_id=account), path=path, times_left__gt=0
    ).order_by("pk")
    for fault in script:
        left = Fault.objects.filter(pk=fault.pk, times_left__gt=0)
        if left.update(times_left=F("times_left") - 1):
            return fault
    return None


def comes_before(fault: Fault | None) -> bool:
    """Whether the call does nothing at all."""
    return fault is not None and fault.kind in BEFORE


def fail_before(fault: Fault, refusal: HttpResponse) -> HttpResponseBase:
    """Instead of the work; ``refusal`` is the platform's answer with the fault's number."""
    if fault.kind == Fault.Kind.ERRCODE:
        return refusal
    if fault.kind == Fault.Kind.HTTP_500:
        return HttpResponse("<h1>500</h1>", status=500)
    _wait(fault.seconds)
    return _dropped()


def fail_after(fault: Fault, answer: HttpResponse) -> HttpResponseBase:
    """Instead of the answer to what was done."""
    if fault.kind == Fault.Kind.SLOW:
        _wait(fault.seconds)
        return answer
    if fault.kind == Fault.Kind.BROKEN_JSON:
        return HttpResponse('{"errcode":0,"errm', content_type="text/plain")
    return _dropped()


def _wait(seconds: float) -> None:
    time.sleep(min(seconds, LONGEST_WAIT))


def _dropped() -> HttpResponseBase:
    """Promise more than is sent and hang up: the other side never gets a whole answer."""

    def first_words() -> Iterator[bytes]:
        yield b'{"errc'

    response = StreamingHttpResponse(first_words(), content_type="text/plain")
    response["Content-Length"] = "1000"
    return response


def number_of(fault: Fault) -> int:
    """The number that the platform answers; 0 where its answer has none."""
    return fault.errcode if fault.kind == Fault.Kind.ERRCODE else 0


def note_call(account: str, path: str, number: int, fault: str = "") -> None:
    """One line of the journal; ``fault`` is the kind of one that was met."""
    Call.objects.create(
        app_id=account,
        path=path,
        errcode=number,
        fault=fault,
        called_at=Clock.now(),
    )
