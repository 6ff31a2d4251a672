"""``/me/second-factor/``: the second step of one's own sign-in; and taking away a lost one."""

import time
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from studyhub.core.errors import Conflict, Invalid, NotFound, StudyhubError, TooMany
from studyhub.people import recovery_codes, second_factor
from studyhub.people.half_sign_in import SET_UP_WITHIN
from studyhub.people.models import User
from studyhub.people.obligations import must_have_factor
from studyhub.web.enrolment import enrol, enrolment, shown_codes
from studyhub.web.private import SignedInRequest, page, private
from studyhub.web.proof import prove

_PROVED = "proved_again_at"
STATUSES = {TooMany: 429, Invalid: 422, Conflict: 409}


@require_http_methods(["GET", "HEAD", "POST"])
@private
def own_factor(request: SignedInRequest) -> HttpResponse:
    """How it stands, and what may be done about it, each after password and code."""
    _refuse_members(request)
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
    _refuse_members(request)
    if time.time() - request.session.get(_PROVED, 0) > SET_UP_WITHIN.total_seconds():
        return redirect("second_factor")
    if request.method != "POST":
        return page(request, "web/second_factor_new.html", enrolment(request, request.user))
    try:
        codes = enrol(request, request.user)
    except Invalid as problem:
        context = enrolment(request, request.user, problem)
        return page(request, "web/second_factor_new.html", context, status=422)
    request.session.pop(_PROVED, None)
    return _show_codes(request, codes)


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
    if do == "off" and must_have_factor(user):
        raise Conflict("second_factor_required", "管理别人资料的账号不能关掉两步登录。")
    prove(request)
    if do == "off":
        second_factor.turn_off(user)
        messages.success(request, "两步登录关掉了，以后登录只要密码。")
        return redirect("me")
    if do == "codes" and second_factor.factor_of(user):
        return _show_codes(request, second_factor.renew_codes(user))
    request.session[_PROVED] = time.time()
    return redirect("second_factor_new")


def _refuse_members(request: SignedInRequest) -> None:
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
        "problem": problem,
    }
    status = STATUSES[type(problem)] if problem else 200
    return page(request, "web/second_factor.html", context, status=status)


def _show_codes(request: SignedInRequest, codes: list[str]) -> HttpResponse:
    context = {"codes": shown_codes(codes), "way_on": reverse("second_factor")}
    return page(request, "web/recovery_codes.html", context)
