"""Setting up the second step: at the first sign-in, in ``/me/``, in the set-up.

Until its code was right the new secret lies sealed in the session of this browser: whoever opens
the page elsewhere gets another.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from studyhub.core.crypto import seal, unseal
from studyhub.core.errors import Invalid
from studyhub.core.qr_codes import qr_picture
from studyhub.people import second_factor, totp
from studyhub.people.models import User
from studyhub.people.sessions import end_sign_ins, sign_out_elsewhere
from studyhub.web.shown_secrets import in_fours

_SEALED = "new_second_factor"


def enrol(request: HttpRequest, user: User) -> list[str]:
    """Set up what the form says; the recovery codes, for this one answer.

    Whoever signed in elsewhere, without it or with the one before, is out. Raises Invalid
    ``wrong_code``.
    """
    if request.POST.get("with") == "paper":
        codes = second_factor.set_up_paper(user)
    else:
        secret = _secret_for(request, user)
        codes = second_factor.set_up_app(user, secret, request.POST.get("code", ""))
    request.session.pop(_SEALED, None)
    if request.user == user:
        sign_out_elsewhere(request, user)
    else:
        end_sign_ins(user)
    return codes


def enrolment(request: HttpRequest, user: User, problem: Invalid | None = None) -> dict[str, Any]:
    """What ``components/enrolment.html`` shows."""
    secret = _secret_for(request, user)
    site = urlsplit(settings.PUBLIC_URL).hostname or ""
    address = totp.address_of(secret, login=user.username, site=site)
    return {
        "account": user,
        "site": site,
        "qr": qr_picture(address),
        "address": address,
        "groups": in_fours(secret),
        "problem": problem,
    }


def ask_to_enrol(
    request: HttpRequest, user: User, carried: dict[str, Any], problem: Invalid | None = None
) -> HttpResponse:
    """The page for those who may not sign in without."""
    context = {**carried, **enrolment(request, user, problem)}
    return render(request, "web/login_enrolment.html", context)


def shown_codes(codes: list[str]) -> list[list[str]]:
    """Each in groups of four, as it is read aloud and written down."""
    return [in_fours(code) for code in codes]


def _secret_for(request: HttpRequest, user: User) -> str:
    """The secret this browser was shown for this account, else a new one."""
    try:
        owner, secret = unseal(request.session.get(_SEALED, "")).split()
    except ValueError:
        owner, secret = "", ""
    if owner != str(user.pk):
        secret = totp.new_secret()
        request.session[_SEALED] = seal(f"{user.pk} {secret}")
    return secret
