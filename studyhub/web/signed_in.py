"""Who is asking, for every view alike: nobody whose session is over, and no cache in between."""

from typing import cast

from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from studyhub.people.models import User
from studyhub.people.sessions import BY_ITSELF, end_overdue_session

PERSONAL = "private, no-store"
# Wagtail's open editor tells every few seconds who is editing; that is no sign of somebody being
# there.
WITHOUT_ANYBODY = "/editing-sessions/"


class SignedIn(AuthenticationMiddleware):
    """Middleware in place of Django's: no view can forget that a session ends.

    ``request.user`` is judged by today's roles when it is first asked for. An answer for which
    somebody asked who is there is kept by nobody, whatever the view says of it.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Pages that ask for nobody cost no look at the session."""
        super().process_request(request)
        request.user = cast(User, SimpleLazyObject(lambda: _user_in_time(request)))

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Personal is what was made with a look at the session, or for the bearer of a proof."""
        asked = request.session.accessed or getattr(request, "auth", None)
        if asked and "no-store" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = PERSONAL
        return response


def _user_in_time(request: HttpRequest) -> User | AnonymousUser:
    user = get_user(request)
    if isinstance(user, User):
        request.user = user
        end_overdue_session(request, user, sign_of_life=_is_touched(request))
    else:
        request.user = AnonymousUser()
    return request.user


def _is_touched(request: HttpRequest) -> bool:
    return WITHOUT_ANYBODY not in request.path and BY_ITSELF not in request.GET
