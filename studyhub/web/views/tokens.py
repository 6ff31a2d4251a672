"""``/me/tokens/``: one's own tokens of the API, and everybody's for administrators."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from studyhub.core.errors import Conflict, Invalid, NotFound, StudyhubError, TooMany
from studyhub.people import access, tokens
from studyhub.people.models import TokenGrant
from studyhub.people.second_factor import factor_of
from studyhub.web.private import SignedInRequest, page, private
from studyhub.web.proof import prove

SHOWN = 100  # those that are over are kept, and the oldest not listed
STATUSES = {TooMany: 429, Invalid: 422, Conflict: 409}


@require_http_methods(["GET", "HEAD", "POST"])
@private
def own_tokens(request: SignedInRequest) -> HttpResponse:
    """What there is, and making another after password and code."""
    if not tokens.may_have_tokens(request.user):
        raise NotFound("no_tokens", "令牌是给工作人员的，学员的账号不用。")
    if request.method != "POST":
        return _show(request)
    try:
        return _act(request)
    except (Invalid, Conflict, TooMany) as problem:
        response = _show(request, problem)
        if "retry_after" in problem.extra:
            response["Retry-After"] = str(problem.extra["retry_after"])
        return response


def _act(request: SignedInRequest) -> HttpResponse:
    number = request.POST.get("revoke", "")
    if number:
        token = tokens.revoke_token(_number(number), by=request.user)
        messages.success(request, f"令牌“{token.name}”作废了，马上就不能用了。")
        return redirect("tokens")
    asked = _asked(request)
    tokens.check_token(request.user, **asked)  # what is amiss uses up no code
    prove(request)
    secret = tokens.make_token(request.user, **asked)
    return page(request, "web/token_made.html", {"secret": secret, "name": asked["name"]})


def _asked(request: HttpRequest) -> dict[str, Any]:
    form = request.POST
    return {
        "name": form.get("name", "").strip()[: tokens.LONGEST_NAME],
        "scopes": form.getlist("scope"),
        "days": _number(form.get("days", "")),
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _show(request: SignedInRequest, problem: StudyhubError | None = None) -> HttpResponse:
    seen, now = tokens.tokens_seen_by(request.user), timezone.now()
    listed = list(seen[:SHOWN])
    asked = _asked(request) if problem else {"days": tokens.DEFAULT_DAYS}
    context = {
        "rows": [_row(token, now) for token in listed],
        "all": access.keeps_ledger(request.user),
        "factor": factor_of(request.user),
        "scopes": TokenGrant.Scope.choices,
        "lengths": tokens.DAYS,
        "asked": asked,
        "problem": problem,
    }
    return page(request, "web/tokens.html", context, STATUSES[type(problem)] if problem else 200)


def _row(token: Any, now: Any) -> dict[str, Any]:
    grant = getattr(token, "grant", None)
    over = grant is not None and not grant.is_in_force(now)
    return {
        "token": token,
        "grant": grant,
        "over": over,
        "in_force": not over and token.revoked_at is None,
    }
