"""Signing in with login and password, wherever it is done: page, API, editor."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from studyhub.people.access import DESK, opens_ledger
from studyhub.people.models import User
from studyhub.people.sign_in_limits import take_try


class PatientBackend(ModelBackend):
    """Looks at a password only while a try is free; raises TooMany otherwise."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The account, None for a wrong password; without a request nobody is counted."""
        if request is None or username is None or password is None:
            return self._user(request, username, password)
        taken = take_try(request, username)
        user = self._user(request, username, password)
        if user is None:
            taken.refuse_if_spent()
        else:
            taken.give_back()
        return user

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Who keeps lines of the ledger may enter the desk for it, while the duty lasts."""
        if super().has_perm(user_obj, perm, obj):
            return True
        return perm == DESK and obj is None and opens_ledger(user_obj)

    def _user(
        self, request: HttpRequest | None, username: str | None, password: str | None
    ) -> User | None:
        user = super().authenticate(request, username=username, password=password)
        return user if isinstance(user, User) else None
