"""``/me/second-factor/``: the second step of one's own sign-in; and taking away a lost one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from studyhub.core.errors import Conflict, Invalid, NotFound, StudyhubError, TooMany
from studyhub.people import passkeys, recovery_codes, second_factor
from studyhub.people.models import User
from studyhub.people.obligations import must_have_factor
from studyhub.people.sessions import sign_out_elsewhere
from studyhub.web.enrolment import enrol, enrolment, shown_codes
from studyhub.web.private import SignedInRequest, page, private
from studyhub.web.proof import end_proof, is_proved, note_proof, prove

REMOVE = "remove "  # and the number of the key
STATUSES = {TooMany: 429, Invalid: 422, Conflict: 409}


@require_http_methods(["GET", "HEAD", "POST"])
@private
def own_factor(request: SignedInRequest) -> HttpResponse:
    """How it stands, and what may be done about it, each after password and code."""
    refuse_members(request)
    if request.method != "POST":
        return _show(request)
    try:
        return _act(request, request.POST.get("do", ""))
    except (Invalid, Conflict, TooMany) as problem:
        response = _show(request, problem)
        if "retry_after" in problem.extra:
            response["Retry-After"] = str(problem.extra["retry_after"])
        return response


@require_http_methods(["GET", "HEAD", "POST"])
@private
def new_factor(request: SignedInRequest) -> HttpResponse:
    """Setting one up, or another instead, for whoever has just proved to be the owner."""
    refuse_members(request)
    if not is_proved(request):
        return redirect("second_factor")
    if request.method != "POST":
        return page(request, "web/second_factor_new.html", enrolment(request, request.user))
    try:
        codes = enrol(request, request.user)
    except Invalid as problem:
        context = enrolment(request, request.user, problem)
        return page(request, "web/second_factor_new.html", context, status=422)
    end_proof(request)
    return show_codes(request, codes)


@require_http_methods(["GET", "HEAD", "POST"])
def take_from(request: HttpRequest, user_id: int) -> HttpResponse:
    """At the desk: an administrator takes the lost factor of somebody else away."""
    by = request.user
    if not (isinstance(by, User) and by.is_superuser) or by.pk == user_id:
        raise PermissionDenied  # one's own is changed with password and code
    user = get_object_or_404(User, pk=user_id)
    if request.method != "POST":
        context = {"account": user, "factor": second_factor.factor_of(user)}
        return render(request, "web/desk_second_factor.html", context)
    if second_factor.take_away(user, by=by):
        messages.success(request, f"{user.username} 的两步登录取消了，登录着的也都退出了。")
    return redirect("wagtailusers_users:index")


def _act(request: SignedInRequest, do: str) -> HttpResponse:
    user = request.user
    _refuse_beforehand(user, do)
    prove(request)
    if do == "off":
        second_factor.turn_off(user)
        messages.success(request, "两步登录关掉了，以后登录只要密码。")
        return redirect("me")
    if do.startswith(REMOVE):
        return _remove(request, _number(do))
    if do == "codes" and second_factor.factor_of(user):
        return show_codes(request, second_factor.renew_codes(user))
    note_proof(request)
    return redirect("passkey_new" if do == "key" else "second_factor_new")


def _refuse_beforehand(user: User, do: str) -> None:
    """What cannot be done uses no code up."""
    if do == "off" and must_have_factor(user):
        raise Conflict("second_factor_required", "管理别人资料的账号不能关掉两步登录。")
    if do.startswith(REMOVE):
        passkeys.refuse_last_key(user, _number(do))


def _remove(request: SignedInRequest, key_id: int) -> HttpResponse:
    """Whoever signed in elsewhere, perhaps by this key, is out."""
    name = passkeys.remove_key(request.user, key_id)
    sign_out_elsewhere(request, request.user)
    messages.success(request, f"安全密钥“{name}”删掉了，别处的登录也都退出了。")
    return redirect("second_factor")


def _number(do: str) -> int:
    text = do.removeprefix(REMOVE)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def refuse_members(request: SignedInRequest) -> None:
    if not second_factor.may_have_factor(request.user):
        raise NotFound("no_second_factor", "两步登录是给工作人员的，学员的账号不用设。")


def _show(request: SignedInRequest, problem: StudyhubError | None = None) -> HttpResponse:
    factor = second_factor.factor_of(request.user)
    left = recovery_codes.count_left(factor) if factor else 0
    context: dict[str, Any] = {
        "factor": factor,
        "left": left,
        "few": left <= recovery_codes.FEW,
        "must": must_have_factor(request.user),
        "keys": passkeys.keys_of(request.user),
        "site": passkeys.key_site(),
        "problem": problem,
    }
    status = STATUSES[type(problem)] if problem else 200
    return page(request, "web/second_factor.html", context, status=status)


def show_codes(request: SignedInRequest, codes: list[str]) -> HttpResponse:
    context = {"codes": shown_codes(codes), "way_on": reverse("second_factor")}
    return page(request, "web/recovery_codes.html", context)
