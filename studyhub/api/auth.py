"""Who is calling: session cookie, bearer token (Wagtail's), upload ticket."""

from typing import Any

from django.http import HttpRequest
from ninja.security import SessionAuth
from ninja.security.http import HttpAuthBase
from wagtail.api.v3.auth import BearerTokenAuth

from studyhub.people import access
from studyhub.people.models import Member, User
from studyhub.records.tickets import Ticket, read_ticket


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


session_or_token = [BearerTokenAuth(), CookieAuth()]
ticket_or_session = [TicketAuth(), BearerTokenAuth(), CookieAuth()]


def caller(request: HttpRequest) -> User:
    """The account behind the request, whichever way it proved itself."""
    assert isinstance(request.user, User)  # noqa: S101  the auth callbacks let nobody else through
    return request.user


def own_member(request: HttpRequest) -> Member:
    """The caller's own member record; NotFound ``no_member`` for staff without one."""
    return access.own_member(caller(request))
