"""Whose writes are one transaction, and who begins one only when there is something to write."""

from contextlib import nullcontext

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from studyhub.core import transactions
from studyhub.core.transactions import atomic_writes, writes_by_itself


@pytest.fixture
def begun(monkeypatch):
    """How many transactions were begun."""
    found = []

    def begin():
        found.append(1)
        return nullcontext()

    monkeypatch.setattr(transactions.transaction, "atomic", begin)
    return found


def page(request):
    return HttpResponse()


@pytest.mark.parametrize(
    ("method", "view", "count"),
    [
        ("post", page, 1),
        ("get", page, 0),
        ("post", writes_by_itself(lambda request: HttpResponse()), 0),
    ],
)
def test_a_view_that_writes_is_whole_unless_it_sees_to_that_itself(begun, method, view, count):
    atomic_writes(view)(getattr(RequestFactory(), method)("/"))
    assert len(begun) == count
