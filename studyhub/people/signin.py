"""Signing in with a password, and the lock after too many wrong ones."""

import math

from axes.helpers import get_cool_off
from django.http import HttpRequest

from studyhub.core.errors import TooMany


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
