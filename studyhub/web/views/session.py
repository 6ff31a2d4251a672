"""Signing in and out."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as sign_in
from django.contrib.auth import logout as sign_out
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, RedirectURLMixin
from django.forms import CharField, PasswordInput, TextInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from studyhub.core.errors import TooMany
from studyhub.people.half_sign_in import begin_half_sign_in, end_half_sign_in
from studyhub.people.models import User
from studyhub.people.obligations import must_have_factor
from studyhub.people.passkeys import may_use_key
from studyhub.people.second_factor import factor_of
from studyhub.people.sessions import begin_on_shared_phone, lock_shared_phone
from studyhub.people.sign_in_limits import know_phone
from studyhub.web.enrolment import ask_to_enrol
from studyhub.web.lesson_forms import LessonForm
from studyhub.web.signed_in import PERSONAL
from studyhub.web.views.study import store_carried

SHARED_COOKIE = "shared"


class SignInForm(AuthenticationForm):
    """One sentence for every failure, so that nobody learns which accounts exist."""

    username = CharField(
        label="账号", max_length=150, widget=TextInput(attrs={"autocapitalize": "none"})
    )
    password = CharField(label="密码", strip=False, widget=PasswordInput)
    error_messages = {
        "invalid_login": "账号或密码不对。请再看一遍；密码区分大小写。",
        "inactive": "账号或密码不对。请再看一遍；密码区分大小写。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs["autocomplete"] = "username"
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields["password"].widget.attrs["autocomplete"] = "current-password"


class FinishesSignIn(RedirectURLMixin):
    """The last step of signing in, whether that is the password or a code."""

    request: HttpRequest
    next_page = settings.LOGIN_REDIRECT_URL

    def finish(
        self, user: User, show: Callable[[str], HttpResponse] = HttpResponseRedirect
    ) -> HttpResponse:
        """Sign in, store what was carried, and go on; or ``show`` something with the way on."""
        end_half_sign_in(self.request)
        sign_in(self.request, user)
        shared = bool(self.request.POST.get("shared"))
        if shared:
            begin_on_shared_phone(self.request)
        response = show(store_carried(self.request) or self.get_success_url())
        if shared:
            # For the script: keep nothing. Its value is all that the lock may say of who was here.
            initial = quote(user.get_full_name()[:1])
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(SHARED_COOKIE, initial, samesite="Lax", secure=secure)
        else:
            response.delete_cookie(SHARED_COOKIE, samesite="Lax")
            know_phone(response, user)
        return response

    def after_first_step(self, user: User) -> HttpResponse:
        """Signed in only where no second step is asked for."""
        if factor_of(user):
            begin_half_sign_in(self.request, user)
            return self.ask_for_code(user)
        if must_have_factor(user):
            begin_half_sign_in(self.request, user)
            return ask_to_enrol(self.request, user, self.carried())
        return self.finish(user)

    def ask_for_code(self, user: User, wrong: str = "") -> HttpResponse:
        """The page of the second step, with the account's security keys where it has any."""
        context = {**self.carried(), "wrong": wrong, "keys": may_use_key(user)}
        return render(self.request, "web/login_code.html", context)

    def carried(self) -> dict[str, Any]:
        """What the forms of every step pass on to the next."""
        form = LessonForm.carried(self.request.POST)
        return {
            "fields": form and list(form.fields()),
            "next": self.get_redirect_url(),
            "shared": self.request.POST.get("shared"),
        }


class SignIn(FinishesSignIn, LoginView):
    """The page to sign in.

    ``next`` leads only to our own pages (``RedirectURLMixin`` checks host and scheme).
    Does not send a signed-in reader on: the editor sends those here whom it refuses.
    """

    form_class = SignInForm
    template_name = "web/login.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "locked" in request.GET:
            lock_shared_phone(request)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except TooMany as problem:
            return locked_out(request, problem)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        return self.after_first_step(form.get_user())

    def again(self) -> HttpResponse:
        """From the beginning, for whoever took too long; what was carried stays carried."""
        messages.warning(self.request, "等得久了，请从账号和密码重新开始。")
        form = self.form_class(self.request)
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        initial = unquote(self.request.COOKIES.get(SHARED_COOKIE, ""))[:1]
        return {
            **super().get_context_data(**kwargs),
            **self.carried(),
            "shared_by": initial,
            "resets_by_mail": settings.WAGTAIL_PASSWORD_RESET_ENABLED,
        }


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out_page(request: HttpRequest) -> HttpResponse:
    """Asks first, so that no link can sign anybody out."""
    if request.method == "GET":
        return render(request, "web/logout.html")
    sign_out(request)
    response = HttpResponseRedirect("/")
    # The script asks for personal parts only where this cookie is.
    response.delete_cookie(settings.CSRF_COOKIE_NAME, samesite="Lax")
    response.delete_cookie(SHARED_COOKIE, samesite="Lax")
    return response


def locked_out(request: HttpRequest, problem: TooMany, *, of_code: bool = False) -> HttpResponse:
    """How long to wait after too many wrong tries; a form that was carried stays carried."""
    seconds = int(problem.extra["retry_after"])
    form = LessonForm.carried(request.POST)
    context = {
        "detail": problem.detail,
        "of_code": of_code,
        "fields": form and list(form.fields()),
        "kept_lesson": form and form.outline.lesson_key,
    }
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = PERSONAL
    return response
