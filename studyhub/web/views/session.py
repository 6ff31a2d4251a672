"""Signing in and out."""

from typing import Any
from urllib.parse import quote, unquote

from django.conf import settings
from django.contrib.auth import login as sign_in
from django.contrib.auth import logout as sign_out
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.forms import CharField, PasswordInput, TextInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from studyhub.core.errors import TooMany
from studyhub.people.sessions import begin_on_shared_phone, lock_shared_phone
from studyhub.people.sign_in_limits import know_phone
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


class SignIn(LoginView):
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
        sign_in(self.request, form.get_user())
        shared = bool(self.request.POST.get("shared"))
        if shared:
            begin_on_shared_phone(self.request)
        response = HttpResponseRedirect(store_carried(self.request) or self.get_success_url())
        if shared:
            # For the script: keep nothing. Its value is all that the lock may say of who was here.
            initial = quote(form.get_user().get_full_name()[:1])
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(SHARED_COOKIE, initial, samesite="Lax", secure=secure)
        else:
            response.delete_cookie(SHARED_COOKIE, samesite="Lax")
            know_phone(response, form.get_user())
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = LessonForm.carried(self.request.POST)
        initial = unquote(self.request.COOKIES.get(SHARED_COOKIE, ""))[:1]
        return {
            **super().get_context_data(**kwargs),
            "fields": form and list(form.fields()),
            "shared_by": initial,
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


def locked_out(request: HttpRequest, problem: TooMany) -> HttpResponse:
    """How long to wait after too many wrong passwords; a form that was carried stays carried."""
    seconds = int(problem.extra["retry_after"])
    form = LessonForm.carried(request.POST)
    context = {
        "detail": problem.detail,
        "fields": form and list(form.fields()),
        "kept_lesson": form and form.outline.lesson_key,
    }
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = PERSONAL
    return response
