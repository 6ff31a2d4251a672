"""Who followed an invite: asks to join, and comes back to see what became of it.

No answer here depends on the ledger until a person has decided (decision 0032).
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from studyhub.core.errors import Invalid, NotFound, NotSignedIn, TooMany
from studyhub.people.invites import invite_named
from studyhub.people.joining import ask_to_join, let_in, new_secret, read_request, request_of
from studyhub.people.models import Invite, JoinRequest
from studyhub.people.models.invites import KEPT
from studyhub.people.personal_codes import plain
from studyhub.web.views.session import FinishesSignIn, locked_out

COOKIE, COOKIE_PATH = "join_request", "/join/"
FIELDS = ("name", "phone", "branch", "agreed", "shared")


def form_page(request: HttpRequest, code: str) -> HttpResponse:
    """The form of an invite; opening it uses nothing up."""
    try:
        invite = invite_named(request, code)
    except NotFound as problem:
        return over(request, problem)
    except TooMany as problem:
        return locked_out(request, problem)
    return _form(request, invite, code)


def take_request(request: HttpRequest, code: str) -> HttpResponse:
    """What was written is kept, and the browser that wrote it is known by a cookie."""
    secret = request.POST.get("secret", "")
    try:
        if known := request_of(secret):  # sent twice, perhaps after the last use
            return _on_to(known, secret, request)
        invite = invite_named(request, code)
        asked = read_request(request.POST.dict())
        made = ask_to_join(invite, asked, secret)
    except NotFound as problem:
        return over(request, problem)
    except TooMany as problem:
        return locked_out(request, problem)
    except Invalid as problem:
        return _form(request, invite, code, problem.detail)
    return _on_to(made, secret, request)


def over(request: HttpRequest, problem: NotFound) -> HttpResponse:
    """The same page for every invite that is not good, whatever the reason."""
    return render(request, "web/invite_over.html", {"detail": problem.detail}, status=404)


def _form(request: HttpRequest, invite: Invite, code: str, problem: str = "") -> HttpResponse:
    context = {
        "group": invite.group,
        "code": plain(code),
        "said": {name: request.POST.get(name, "") for name in FIELDS},
        "secret": request.POST.get("secret") if problem else new_secret(),
        "problem": problem,
        "has_asked": COOKIE in request.COOKIES,
        "kept_days": KEPT.days,
    }
    if "放得太久" in problem:
        context["secret"] = new_secret()
    return render(request, "web/invited.html", context, status=422 if problem else 200)


def _on_to(asked: JoinRequest, secret: str, request: HttpRequest) -> HttpResponse:
    response = redirect("join_request")
    response.set_cookie(
        COOKIE,
        secret,
        max_age=None if request.POST.get("shared") else int(KEPT.total_seconds()),
        path=COOKIE_PATH,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@method_decorator(never_cache, name="dispatch")
class OwnRequest(FinishesSignIn, View):
    """What became of the request that this browser made; once agreed to, the way in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = self.asked()
        if asked is None:
            return self.show()
        try:
            user = let_in(request, asked, request.POST.get("last_digits", ""))
        except TooMany as problem:
            return locked_out(request, problem)
        except NotSignedIn as problem:
            return self.show(problem.detail)
        response = self.after_first_step(user)
        response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")
        return response

    def asked(self) -> JoinRequest | None:
        return request_of(self.request.COOKIES.get(COOKIE, ""))

    def show(self, wrong: str = "") -> HttpResponse:
        asked = self.asked()
        context: dict[str, Any] = {"asked": asked, "wrong": wrong, "kept_days": KEPT.days}
        if asked:
            context["is_open"] = asked.state in JoinRequest.OPEN
            context["is_declined"] = asked.state == JoinRequest.State.DECLINED
        return render(self.request, "web/join_request.html", context, status=422 if wrong else 200)
