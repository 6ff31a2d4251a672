"""What every page about a person has in common: signed in, no trace for strangers."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from studyhub.core.errors import NotFound
from studyhub.people import access
from studyhub.people.models import User

View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    """A request whose caller has signed in; ``private`` sees to it."""

    user: User


def private(view: View) -> View:
    """Anonymous readers sign in first; what a reader may not see is not there (404).

    That a session ends and that nobody keeps the answer is seen to by ``signed_in``.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        try:
            return view(request, *args, **kwargs)
        except NotFound as problem:
            return not_found(request, problem)

    return wrapped


def not_found(request: HttpRequest, problem: NotFound) -> HttpResponse:
    """The page for what is not there, with the words of the error."""
    return render(request, "404.html", {"detail": problem.detail}, status=404)


def nothing_to_lead() -> NotFound:
    """For pages of leaders, where the caller leads nothing today."""
    return NotFound("nothing_to_lead", "您现在没有带学习小组。要带班，请联系组织部。")


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """Render with the place 带班 in the bar for those who have one."""
    frame = {} if "leads" in context else {"leads": access.leads(cast(User, request.user))}
    return render(request, template, {**frame, **context}, status=status)
