import pytest
from django.core.cache import caches
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from content import revisions
from studyhub.people.models import Member, User


def pytest_collection_modifyitems(items):
    """A test that empties the database is no test for ``make quick``, which keeps its database."""
    for item in items:
        asked = item.get_closest_marker("django_db")
        emptied = asked is not None and asked.kwargs.get("transaction")
        if emptied or "transactional_db" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(autouse=True)
def _fresh_caches():
    """Outlines are cached for the life of a process; a test's database lives shorter."""
    revisions._kept_outlines.clear()
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def one_connection(monkeypatch):
    """For tests in which the product answers inside the test's own process and transaction: the end
    of that request must not end the test's connection."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None)


@pytest.fixture
def sign_in():
    def _sign_in(who: User | Member) -> Client:
        client = Client()
        client.force_login(who.user if isinstance(who, Member) else who)
        return client

    return _sign_in
