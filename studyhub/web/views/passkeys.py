"""``/me/second-factor/key/``: one's own security keys added; what a browser is to ask of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from studyhub.core.errors import Conflict, Invalid, StudyhubError
from studyhub.people import passkeys
from studyhub.people.models import User
from studyhub.people.sessions import sign_out_elsewhere
from studyhub.web.private import SignedInRequest, page, private
from studyhub.web.proof import end_proof, is_proved
from studyhub.web.views.second_factor import STATUSES, refuse_members, show_codes


@require_http_methods(["GET", "HEAD", "POST"])
@private
def new_key(request: SignedInRequest) -> HttpResponse:
    """Adding a key, for whoever has just proved to be the owner."""
    refuse_members(request)
    if not is_proved(request):
        return redirect("second_factor")
    if request.method != "POST":
        return _show(request)
    form = request.POST
    try:
        codes = passkeys.add_key(
            request, request.user, form.get("passkey", ""), form.get("name", "")
        )
    except (Invalid, Conflict) as problem:
        return _show(request, problem)
    end_proof(request)
    messages.success(request, "安全密钥加好了。下次登录，第二步可以用它。")
    if not codes:
        return redirect("second_factor")
    sign_out_elsewhere(request, request.user)
    return show_codes(request, codes)


def _show(request: SignedInRequest, problem: StudyhubError | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "problem": problem,
        "site": passkeys.key_site(),
        "longest": passkeys.LONGEST_NAME,
        "first": not passkeys.keys_of(request.user).exists(),
    }
    status = STATUSES[type(problem)] if problem else 200
    return page(request, "web/passkey_new.html", context, status)


@require_POST
@private
def key_options(request: SignedInRequest) -> HttpResponse:
    """For the script of both pages: adding one is asked for after the proof alone."""
    refuse_members(request)
    if request.POST.get("for") != "new":
        return answer_options(request, request.user, passkeys.ask_for_key)
    if not is_proved(request):
        return refuse_options("请回到“两步登录”，再填一遍密码和码。")
    return answer_options(request, request.user, passkeys.ask_for_new_key)


def answer_options(request: HttpRequest, user: User, ask: Any) -> JsonResponse:
    """What the browser is to ask a key, or why not."""
    try:
        return JsonResponse(ask(request, user))
    except Conflict as problem:
        return refuse_options(problem.detail)


def refuse_options(words: str) -> JsonResponse:
    return JsonResponse({"detail": words}, status=409)
