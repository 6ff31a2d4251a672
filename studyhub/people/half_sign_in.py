"""Between the password and the code: who is at the door, and for how long.

Kept in the session, which is nobody's until the code was right.
"""

import time
from datetime import timedelta

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from studyhub.people.key_challenges import drop_challenge
from studyhub.people.models import User

CODE_WITHIN = timedelta(minutes=5)
# Long enough to find an app, install it, and write ten codes down.
SET_UP_WITHIN = timedelta(minutes=30)
_HALF = "half_sign_in"


def begin_half_sign_in(request: HttpRequest, user: User) -> None:
    """The password was right; nobody is signed in by it."""
    drop_challenge(request)
    request.session[_HALF] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "at": int(time.time()),
    }


def half_signed_in(request: HttpRequest, within: timedelta) -> User | None:
    """Whose password was right so short a time ago, and still is."""
    half = request.session.get(_HALF)
    if half is None or time.time() - half["at"] > within.total_seconds():
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    if user and constant_time_compare(half["password"], user.get_session_auth_hash()):
        return user
    return None


def end_half_sign_in(request: HttpRequest) -> None:
    request.session.pop(_HALF, None)
    drop_challenge(request)
