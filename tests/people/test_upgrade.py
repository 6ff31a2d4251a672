"""An upgrade signs nobody out, loses no account and leaves no list of who mistyped a password."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client

from studyhub.people.models import User
from tests import factories as make
from tests.migration import migrate, migrate_to_the_newest

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LEFT = "axes_accessattempt"


@pytest.fixture
def before():
    migrate("people", "0002_signed_in_phones")
    yield
    migrate_to_the_newest()


def test_sessions_go_on_and_logins_get_one_spelling(before):
    names = ("Wuyun", "wuyun", "Member０9", "batu")
    users = {name: make.a_user(name) for name in names}
    client = Client()
    client.force_login(users["batu"])
    session = SessionStore(client.session.session_key)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.save()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {LEFT} (username varchar(255))")
    migrate_to_the_newest()
    logins = {User.objects.get(pk=user.pk).username for user in users.values()}
    assert logins == {"Wuyun", "wuyun", "member09", "batu"}  # two that would be one stay two
    assert client.get("/me/").status_code == 200
    assert LEFT not in connection.introspection.table_names()
