"""Signing in and out."""

from typing import Any

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import Router

from studyhub.api.auth import session_or_token
from studyhub.api.errors import PROBLEM_RESPONSES
from studyhub.api.schemas.learner import SessionIn, SessionOut
from studyhub.api.shaping import shape_me
from studyhub.core.errors import Invalid, NotSignedIn
from studyhub.people.models import User
from studyhub.people.sign_in_limits import know_phone
from studyhub.records.tickets import give_ticket

router = Router(tags=["登录"])


@router.post("/session", response={200: SessionOut, **PROBLEM_RESPONSES}, auth=None)
def sign_in(request: HttpRequest, data: SessionIn, response: HttpResponse) -> dict[str, Any]:
    """After five wrong passwords one try each three minutes (429 with ``Retry-After``)."""
    if request.content_type != "application/json":
        # A form on another site cannot send JSON: nobody is signed in to a stranger's account.
        detail = "请用 Content-Type: application/json 提交。"
        raise Invalid("bad_content_type", detail, status=415)
    user = authenticate(request, username=data.login, password=data.password)
    if not isinstance(user, User):
        raise NotSignedIn("bad_credentials", "账号或密码不对，请检查后再试；忘了请找联络员。")
    login(request, user)
    get_token(request)
    know_phone(response, user)
    return {**shape_me(user), "upload_ticket": give_ticket(user, data.device_id)}


@router.delete("/session", response={204: None, **PROBLEM_RESPONSES}, auth=session_or_token)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session; upload tickets stay good, so that what the phone holds still arrives."""
    logout(request)
    return HttpResponse(status=204)
