"""Signing in with a password, the lock after too many wrong ones, phones that many people use."""

import math
import time

from axes.helpers import get_cool_off
from django.contrib.auth import logout
from django.http import HttpRequest

from studyhub.core.errors import TooMany

IDLE = 30 * 60  # seconds without a sign of life on a shared phone
NOTE_EVERY = 60
_SEEN = "shared_phone_seen"


def note_shared_phone(request: HttpRequest) -> None:
    """After signing in on a phone others use: ends with the browser, and when nobody is there."""
    request.session.set_expiry(0)
    request.session[_SEEN] = int(time.time())


def end_if_idle(request: HttpRequest) -> None:
    """Call before anything personal is shown; signs out a shared phone that was left lying."""
    seen = request.session.get(_SEEN)
    if seen is None:
        return
    now = int(time.time())
    if now - seen > IDLE:
        logout(request)
    elif now - seen > NOTE_EVERY:
        request.session[_SEEN] = now


def lock_shared_phone(request: HttpRequest) -> None:
    """The page says that nobody is there. Ends only what began on a shared phone: a link that leads
    here can sign nobody else out."""
    if _SEEN in request.session:
        logout(request)


def refuse_if_locked(request: HttpRequest) -> None:
    """Call right after ``authenticate``; raises TooMany while this login is locked."""
    if not getattr(request, "axes_locked_out", False):
        return
    cool_off = get_cool_off(request)
    seconds = math.ceil(cool_off.total_seconds()) if cool_off else 900
    raise TooMany(
        "locked_out",
        f"密码输错次数太多，请 {math.ceil(seconds / 60)} 分钟后再试；忘了密码请找联络员。",
        retry_after=seconds,
    )
