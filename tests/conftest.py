from types import SimpleNamespace

import pytest
from django.core.cache import caches
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from hypothesis import settings as examples

from content import revisions, starter_lessons
from studyhub.core import hints
from studyhub.people.models import Member, User
from tests.database import own_database

# A slow day is no fault of an example.
examples.register_profile("studyhub", deadline=None)
examples.load_profile("studyhub")


def pytest_collection_modifyitems(items):
    """A test that empties the database takes seconds: none for ``make quick``. One that asks for no
    database at all need not run again on the second."""
    for item in items:
        asked = item.get_closest_marker("django_db")
        fixtures = set(getattr(item, "fixturenames", ()))
        emptied = asked is not None and asked.kwargs.get("transaction")
        if emptied or "transactional_db" in fixtures:
            item.add_marker(pytest.mark.slow)
        if asked is None and not fixtures & {"django_db_setup", "product"}:
            item.add_marker(pytest.mark.once)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, worker_id):
    """Instead of migrating in each process: see ``tests.database``."""
    with django_db_blocker.unblock(), own_database(worker_id):
        yield


@pytest.fixture(scope="module")
def kept_for_the_module(django_db_setup, django_db_blocker):
    """What a module's own fixtures put into the database, once for all its tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _fresh_caches():
    """Outlines are cached for the life of a process; a test's database lives shorter."""
    revisions._kept_outlines.clear()
    for cache in caches.all():
        cache.clear()


@pytest.fixture(autouse=True)
def _hints_at_once(monkeypatch):
    """A worker is told in the same thread: another would open, and leave open, a connection."""
    monkeypatch.setattr(hints, "Thread", lambda target, daemon: SimpleNamespace(start=target))


@pytest.fixture
def indexed(settings):
    """With Wagtail's index of what refers to what, which other tests do without."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


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


@pytest.fixture
def few_starter_lessons(monkeypatch):
    """Two of the twenty, which take a moment each."""
    whole = starter_lessons.starter_courses
    monkeypatch.setattr(
        starter_lessons,
        "starter_courses",
        lambda: [(data, paths[:1]) for data, paths in list(whole())[:2]],
    )
