"""Who is calling: session cookie, bearer token (Wagtail's, within its scope), upload ticket."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import SessionAuth
from ninja.security.http import HttpAuthBase
from wagtail.api.v3 import auth as wagtail_auth

from studyhub.core.errors import Invalid
from studyhub.people import access
from studyhub.people.models import Member, TokenGrant, User
from studyhub.people.tokens import grant_of
from studyhub.records.tickets import Ticket, read_ticket

Scope = TokenGrant.Scope
READING = ("GET", "HEAD", "OPTIONS")


class BearerTokenAuth(wagtail_auth.BearerTokenAuth):
    """A token within its scope and time. What no scope opens is for people who signed in, and for
    tokens from before there were scopes. Its name stands in the description of the API.
    """

    def __init__(self, read: Scope | None = None, write: Scope | None = None) -> None:
        super().__init__()
        self.read, self.write = read, write

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Raises Invalid ``scope_missing``; a token that is over is none."""
        known = super().authenticate(request, token)
        grant = known and grant_of(known)
        if grant and not grant.is_in_force(timezone.now()):
            request.user = AnonymousUser()
            return None
        if grant:
            self._refuse_beyond(grant, request)
        if known:
            super()._touch_last_used(known)
        return known

    def _refuse_beyond(self, grant: TokenGrant, request: HttpRequest) -> None:
        needed = self.read if request.method in READING else self.write
        if needed in grant.scopes:
            return
        detail = (
            f"这枚令牌不能做这件事，要另发一枚，勾上“{needed.label}”。"
            if needed
            else "这件事只有本人登录以后能做，令牌不行。"
        )
        raise Invalid("scope_missing", detail, status=403)

    def _touch_last_used(self, api_token: Any) -> None:
        """Only once it was let through."""


class TicketAuth(HttpAuthBase):
    """``Authorization: Ticket …``, which may append records of one account and reads nothing."""

    openapi_scheme = "ticket"

    def __call__(self, request: HttpRequest) -> Ticket | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        return read_ticket(text) if scheme.lower() == "ticket" else None


class CookieAuth(SessionAuth):
    """The session cookie, with the CSRF header.

    The header is asked for only when a signed-in cookie came along: a stranger is told to sign in,
    not that the page is stale.
    """

    def __call__(self, request: HttpRequest) -> Any:
        if not request.user.is_authenticated:
            return None
        return super().__call__(request)


session_or_token = [BearerTokenAuth(read=Scope.READ), CookieAuth()]
session_or_study_token = [BearerTokenAuth(write=Scope.STUDY), CookieAuth()]
session_or_delivery_token = [BearerTokenAuth(Scope.DELIVERIES, Scope.DELIVERIES), CookieAuth()]
ticket_or_session = [TicketAuth(), *session_or_study_token]


def caller(request: HttpRequest) -> User:
    """The account behind the request, whichever way it proved itself."""
    assert isinstance(request.user, User)  # noqa: S101  the auth callbacks let nobody else through
    return request.user


def own_member(request: HttpRequest) -> Member:
    """The caller's own member record; NotFound ``no_member`` for staff without one."""
    return access.own_member(caller(request))
