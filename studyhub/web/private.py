"""What every page about a person has in common: signed in, never kept, no trace for strangers."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from studyhub.core.errors import NotFound
from studyhub.people import access
from studyhub.people.models import User
from studyhub.people.sessions import end_overdue_session

View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    """A request whose caller has signed in; ``private`` sees to it."""

    user: User


def ends_in_time(view: View) -> View:
    """End overdue sessions before views that ask by themselves who is signed in: Wagtail's editor.

    Its open pages tell every few seconds who is editing; that is no sign of somebody being there.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        end_overdue_session(request, sign_of_life="/editing-sessions/" not in request.path)
        return view(request, *args, **kwargs)

    return wrapped


def private(view: View) -> View:
    """Anonymous readers sign in first; what a reader may not see is not there (404)."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        end_overdue_session(request)
        if not request.user.is_authenticated:
            response: HttpResponse = redirect_to_login(request.get_full_path())
        else:
            try:
                response = view(request, *args, **kwargs)
            except NotFound as problem:
                response = not_found(request, problem)
        response["Cache-Control"] = "private, no-store"
        return response

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
    user = cast(User, request.user)
    frame = {"leads": bool(access.groups_of(user) or access.branches_of(user))}
    return render(request, template, {**frame, **context}, status=status)
