"""Signing in with a personal code and the end of one's phone number; invites share the address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from studyhub.core.errors import NotSignedIn, TooMany
from studyhub.people.invites import is_invite
from studyhub.people.personal_codes import LENGTH, plain, redeem_code
from studyhub.web.views import invited
from studyhub.web.views.session import FinishesSignIn, locked_out


@method_decorator(never_cache, name="dispatch")
class Join(FinishesSignIn, View):
    """The code may stand in the address: the leader's QR code and message lead here.

    Opening it uses nothing up; apps that look at a link before its reader does change nothing.
    """

    def get(self, request: HttpRequest, code: str = "") -> HttpResponse:
        return invited.form_page(request, code) if is_invite(code) else self.ask(code)

    def post(self, request: HttpRequest, code: str = "") -> HttpResponse:
        if is_invite(code):
            return invited.take_request(request, code)
        typed = request.POST.get("code", code)
        if is_invite(typed):
            return redirect("join_with_code", plain(typed))
        try:
            user = redeem_code(request, typed, request.POST.get("last_digits", ""))
        except TooMany as problem:
            return locked_out(request, problem)
        except NotSignedIn as problem:
            return self.ask(typed, problem.detail)
        return self.after_first_step(user)

    def ask(self, code: str, wrong: str = "") -> HttpResponse:
        context: dict[str, Any] = {**self.carried(), "code": plain(code)[:LENGTH], "wrong": wrong}
        return render(self.request, "web/join.html", context)
