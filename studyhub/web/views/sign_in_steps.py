"""After the password: the code, or setting up the second step. Nobody is signed in before."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from studyhub.core.errors import Invalid, TooMany
from studyhub.people import passkeys, recovery_codes
from studyhub.people.half_sign_in import CODE_WITHIN, SET_UP_WITHIN, half_signed_in
from studyhub.people.models import SecondFactor, User
from studyhub.people.obligations import must_have_factor
from studyhub.people.second_factor import factor_of, is_right, renew_codes
from studyhub.web.enrolment import ask_to_enrol, enrol, shown_codes
from studyhub.web.views.passkeys import answer_options, refuse_options
from studyhub.web.views.session import FinishesSignIn, SignIn, locked_out

WRONG = "这个码不对。动态码每半分钟换一次，请看验证器里现在的；备用码每个只能用一次。"

FEW_LEFT = "备用码只剩 {left} 个了，请在“我的”里打开“两步登录”，换一套新的。"


@method_decorator(never_cache, name="dispatch")
class Step(FinishesSignIn, View):
    """A page between the password and the session; too late, it is the first page again."""

    within = CODE_WITHIN

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = half_signed_in(request, self.within)
        if user is None or not self.is_for(user):
            return self.from_the_beginning()
        self.user = user
        return super().dispatch(request, *args, **kwargs)

    def is_for(self, user: User) -> bool:
        raise NotImplementedError

    def from_the_beginning(self) -> HttpResponse:
        if self.request.method != "POST":
            return HttpResponseRedirect("/login/")
        page = SignIn()
        page.setup(self.request)
        return page.again()

    def show_codes(self, codes: list[str], way_on: str) -> HttpResponse:
        context = {"codes": shown_codes(codes), "way_on": way_on}
        return render(self.request, "web/recovery_codes.html", context)


class SignInCode(Step):
    """The code of an account with a second step."""

    def is_for(self, user: User) -> bool:
        return factor_of(user) is not None

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.ask_for_code(self.user)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            self.check()
        except TooMany as problem:
            return locked_out(request, problem, of_code=True)
        except Invalid as problem:
            return self.ask_for_code(self.user, problem.detail)
        return self.go_on()

    def check(self) -> None:
        """What the browser signed, else what was typed. Raises Invalid, TooMany."""
        if answer := self.request.POST.get("passkey", ""):
            passkeys.check_key(self.request, self.user, answer)
        elif not is_right(self.request, self.user, self.request.POST.get("code", "")):
            raise Invalid("bad_code", WRONG)

    def go_on(self) -> HttpResponse:
        """Who lives by paper alone and used its last code is given the next ten at once."""
        factor = SecondFactor.objects.get(user=self.user)
        left = recovery_codes.count_left(factor)
        if not (left or factor.secret):
            codes = renew_codes(self.user)
            return self.finish(self.user, lambda way_on: self.show_codes(codes, way_on))
        if left <= recovery_codes.FEW:
            messages.warning(self.request, FEW_LEFT.format(left=left))
        return self.finish(self.user)


class SignInKey(Step):
    """For the script of that page: what the browser is to ask the account's security keys."""

    def is_for(self, user: User) -> bool:
        return passkeys.may_use_key(user)

    def from_the_beginning(self) -> HttpResponse:
        return refuse_options("等得久了，请从账号和密码重新开始。")

    def post(self, request: HttpRequest) -> HttpResponse:
        return answer_options(request, self.user, passkeys.ask_for_key)


class SignInEnrolment(Step):
    """Setting up the second step, for those who may not sign in without one."""

    within = SET_UP_WITHIN

    def is_for(self, user: User) -> bool:
        return factor_of(user) is None and must_have_factor(user)

    def get(self, request: HttpRequest) -> HttpResponse:
        return ask_to_enrol(request, self.user, self.carried())

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            codes = enrol(request, self.user)
        except Invalid as problem:
            return ask_to_enrol(request, self.user, self.carried(), problem)
        return self.finish(self.user, lambda way_on: self.show_codes(codes, way_on))
