"""Sessions: how long each lasts, and where else one is signed in."""

import time
from datetime import datetime

from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from studyhub.core.browsers import browser_of
from studyhub.core.clock import today
from studyhub.people import access
from studyhub.people.models import SignedInPhone, User
from studyhub.people.obligations import lacks_factor, must_have_factor

# Seconds (reliability C18). Shared phones and those who see other people's records are signed out
# when nobody is there; the second also for good after a working day. Members stay signed in until
# they have not come for 30 days (SESSION_COOKIE_AGE).
IDLE = 30 * 60
OFFICE_LASTS = 12 * 3600
NOTE_EVERY = 60
BY_ITSELF = "by-itself"  # in the address of what a page asks again while nobody touches it
_SHARED = "shared_phone"
_SEEN = "seen_at"
_ENDS = "ends_at"
_NOTED = "phone_noted"
_TWO_STEPS = "asked_for_two_steps"


def begin_session(request: HttpRequest, user: User) -> None:
    """Set how long the session of whoever just signed in lasts, and note the phone.

    Called by ``receivers.py``, so that every way of signing in passes here.
    """
    for name in (
        _SHARED,
        _SEEN,
        _ENDS,
        _TWO_STEPS,
    ):  # the same session may have been another kind before
        request.session.pop(name, None)
    request.session.set_expiry(None)
    if not request.session.session_key:
        request.session.save()
    if _keep_office_short(request, user):
        request.session[_TWO_STEPS] = must_have_factor(user)
    _note_phone(request, user, timezone.now())


def begin_on_shared_phone(request: HttpRequest) -> None:
    """After signing in on a phone others use: ends with the browser, and when nobody is there."""
    request.session.set_expiry(0)
    request.session[_SHARED] = True
    request.session[_SEEN] = _now()


def is_on_shared_phone(request: HttpRequest) -> bool:
    """Whether others use the phone that the caller is signed in on."""
    return _SHARED in request.session


def end_overdue_session(request: HttpRequest, user: User, *, sign_of_life: bool = True) -> None:
    """Sign out whoever has been away for too long, by the roles of today.

    ``sign_of_life`` is false for what a page asks by itself while nobody touches it.
    """
    session, now = request.session, _now()
    given_office = _keep_office_short(request, user)
    away = given_office and not session.get(_NOTED, "").startswith(str(today()))
    seen = session.get(_SEEN)
    idle = seen is not None and now - seen > IDLE
    if away or idle or now > session.get(_ENDS, now) or _became_obliged(request, user):
        logout(request)
        return
    if sign_of_life and seen is not None and now - seen > NOTE_EVERY:
        session[_SEEN] = now
    if session.get(_NOTED) != _note_of(request):
        _note_phone(request, user, timezone.now())


def _keep_office_short(request: HttpRequest, user: User) -> bool:
    """Fit the session to what its owner is today; whether it had not been that of an office."""
    session, now = request.session, _now()
    begun = _ENDS in session
    if access.holds_office(user):
        session.setdefault(_SEEN, now)
        session.setdefault(_ENDS, now + OFFICE_LASTS)
        return not begun
    if begun:
        session.pop(_ENDS)
        if _SHARED not in session:
            session.pop(_SEEN, None)
    return False


def _became_obliged(request: HttpRequest, user: User) -> bool:
    """Whether an office was given since that is entered with two steps, and there is no second."""
    session = request.session
    return _ENDS in session and not session.get(_TWO_STEPS) and lacks_factor(user)


def lock_shared_phone(request: HttpRequest) -> None:
    """End the session where the page says that nobody is there any more.

    Ends only what began on a shared phone: a link that leads here can sign nobody else out.
    """
    if _SHARED in request.session:
        logout(request)


def phones_of(request: HttpRequest, user: User) -> list[tuple[SignedInPhone, bool]]:
    """Where the caller is signed in, with whether it is here; the last used first."""
    here = request.session.session_key
    phones = SignedInPhone.objects.in_force().filter(user=user)
    return [(phone, phone.session_id == here) for phone in phones]


def sign_out_elsewhere(request: HttpRequest, user: User) -> None:
    """Sign out everywhere but here, at once, also phones that hold nothing but an upload ticket.

    Tickets and receipt keys given before are void; the phone at hand asks for new ones by itself.
    """
    here = request.session.session_key
    known = SignedInPhone.objects.filter(session_id=here).first()
    with transaction.atomic():
        end_sign_ins(user, but=here)
        update_session_auth_hash(request, user)  # under another key: the row went with the old one
        _note_phone(request, user, known.signed_in_at if known else timezone.now())


@transaction.atomic
def end_sign_ins(user: User, *, but: str | None = None) -> None:
    """All are over, and what was given under them is void; ``but`` is the key of one to be renewed.

    Also those that no list knows: their digest holds the generation.
    """
    others = user.signed_in_phones.exclude(session_id=but)
    Session.objects.filter(pk__in=others.values("session_id")).delete()
    User.objects.filter(pk=user.pk).update(sign_in_generation=F("sign_in_generation") + 1)
    user.refresh_from_db(fields=["sign_in_generation"])


def _note_phone(request: HttpRequest, user: User, signed_in_at: datetime) -> None:
    request.session[_NOTED] = _note_of(request)
    SignedInPhone.objects.update_or_create(
        session_id=request.session.session_key,
        defaults={"seen_on": today()},
        create_defaults={
            "user": user,
            "browser": browser_of(request.headers.get("User-Agent", "")),
            "signed_in_at": signed_in_at,
            "seen_on": today(),
        },
    )


def _note_of(request: HttpRequest) -> str:
    """Once a day, and again under another key (Django changes it with the password)."""
    return f"{today()} {request.session.session_key}"


def _now() -> int:
    return int(time.time())
