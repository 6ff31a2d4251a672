"""Whoever signs in, on our page, over the API or in the editor, is noted in one place; the roles
are there from the first migration on."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from studyhub.core.signals import database_current
from studyhub.people.models import User
from studyhub.people.roles import put_roles
from studyhub.people.sessions import begin_session


@receiver(user_logged_in, dispatch_uid="people.begin_signed_in")
def begin_signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Django has just put ``user`` into the session."""
    begin_session(request, user)


@receiver(database_current, dispatch_uid="people.put_roles")
def hear_database_current(**_: Any) -> None:
    put_roles()
