"""Telling that something public pages show has changed."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from studyhub.core.errors import Conflict
from studyhub.core.hints import give_hint
from studyhub.stored_pages import files, tasks
from studyhub.stored_pages.models import PageChange


def tell_change(**kwargs: Any) -> None:
    """In the transaction that changes it: with its commit no copy holds any more, anywhere.

    The files that a web server sends by itself go at once and, as one might have come meanwhile,
    after the commit. A rollback costs nothing but the time until they are written again.
    """
    PageChange.objects.create()
    if settings.STORED_PAGES and not _is_told():
        files.drop()
        transaction.on_commit(_hint)


def _is_told() -> bool:
    """Once in a transaction is enough for the worker."""
    return any(waiting[1] is _hint for waiting in connection.run_on_commit)


def _hint() -> None:
    """Nothing can be refused any more: the sweep tries again."""
    with suppress(Conflict):
        files.drop()
    give_hint(tasks.refill.delay)
