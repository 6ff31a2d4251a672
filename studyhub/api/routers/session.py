"""Signing in and out."""

from typing import Any
from uuid import UUID

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import Router

from studyhub.api.auth import session_or_token
from studyhub.api.errors import PROBLEM_RESPONSES
from studyhub.api.schemas.learner import CodeIn, SessionIn, SessionOut
from studyhub.api.shaping import shape_me
from studyhub.core.errors import Invalid, NotSignedIn
from studyhub.people.models import User
from studyhub.people.obligations import must_have_factor
from studyhub.people.personal_codes import redeem_code
from studyhub.people.second_factor import factor_of, is_right
from studyhub.people.sign_in_limits import know_phone
from studyhub.records.tickets import give_ticket

router = Router(tags=["登录"])


@router.post("/session", response={200: SessionOut, **PROBLEM_RESPONSES}, auth=None)
def sign_in(request: HttpRequest, data: SessionIn, response: HttpResponse) -> dict[str, Any]:
    """After five wrong passwords one try each three minutes (429 with ``Retry-After``).

    Accounts with a second step send ``code`` as well: without it 401 ``second_factor_needed``.
    """
    refuse_other_forms(request)
    user = authenticate(request, username=data.login, password=data.password)
    if not isinstance(user, User):
        raise NotSignedIn("bad_credentials", "账号或密码不对，请检查后再试；忘了请找联络员。")
    refuse_half_sign_in(request, user, data.code or "")
    return begin(request, response, user, data.device_id)


@router.post("/session/code", response={200: SessionOut, **PROBLEM_RESPONSES}, auth=None)
def sign_in_with_code(request: HttpRequest, data: CodeIn, response: HttpResponse) -> dict[str, Any]:
    """With a personal code from the liaison, which is used up, and the end of the phone number."""
    refuse_other_forms(request)
    user = redeem_code(
        request,
        data.code,
        data.phone_last4,
        first=lambda user: refuse_half_sign_in(request, user, ""),
    )
    return begin(request, response, user, data.device_id)


def refuse_other_forms(request: HttpRequest) -> None:
    """A form on another site cannot send JSON: nobody is signed in to a stranger's account."""
    if request.content_type != "application/json":
        detail = "请用 Content-Type: application/json 提交。"
        raise Invalid("bad_content_type", detail, status=415)


def begin(
    request: HttpRequest, response: HttpResponse, user: User, device_id: UUID | None
) -> dict[str, Any]:
    """Signed in, with all that the phone needs from now on."""
    login(request, user)
    get_token(request)
    know_phone(response, user)
    return {**shape_me(user), "upload_ticket": give_ticket(user, device_id)}


def refuse_half_sign_in(request: HttpRequest, user: User, code: str) -> None:
    """A password alone is not enough for everybody; raises NotSignedIn or TooMany."""
    if factor_of(user) is None:
        if must_have_factor(user):
            raise NotSignedIn(
                "second_factor_not_set_up",
                "这个账号要两步登录，还没有设。请先在网页上登录一次，照着页面设好。",
            )
    elif not code:
        raise NotSignedIn(
            "second_factor_needed",
            "这个账号要两步登录，请把验证器里的动态码（或一个备用码）写在 code 里，再登录。",
        )
    elif not is_right(request, user, code):
        raise NotSignedIn("bad_code", "动态码不对或者用过了，请换一个现在的再试。")


@router.delete("/session", response={204: None, **PROBLEM_RESPONSES}, auth=session_or_token)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends this session; upload tickets stay good, so that what the phone holds still arrives."""
    logout(request)
    return HttpResponse(status=204)
