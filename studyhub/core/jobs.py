"""A row that is a job: who may work on it, and until when (decision 0003).

A claim is a lease with a fence. Of any number of workers one takes the row; whoever lost it, to
another worker or to a person's button, can write no more. All moments are the database's.
"""

import os
import socket
from datetime import UTC, datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Now
from django.db.models.lookups import LessThanOrEqual

SWEEP_AT_MOST = 500
# One value to compare instead of "none, or past": PostgreSQL finds the few in an index by it.
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
DUE_SINCE = Coalesce("not_before", Value(LONG_AGO), output_field=models.DateTimeField())


class ClaimLost(Exception):
    """Somebody else has taken the row over, or a person has stopped it. Stop quietly."""


class JobQuerySet(models.QuerySet[Any]):
    """Rows by what a worker could do with them now."""

    def free(self) -> Self:
        """Those whose time has come and on which nobody works."""
        return self.filter(LessThanOrEqual(DUE_SINCE, Now())).filter(
            Q(lease_until=None) | Q(lease_until__lte=Now())
        )

    def overdue_ids(self) -> list[Any]:
        """The oldest, as many as one sweep hints at."""
        return list(self.order_by("pk").values_list("pk", flat=True)[:SWEEP_AT_MOST])


class Job(models.Model):
    """The columns of a row that workers share. Every write of a worker asks for its fence."""

    fence = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    crashes = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


def take(seen: Job, due: JobQuerySet, *, until: datetime) -> bool:
    """Whether the row is ours from now on; ``due`` are the rows that may be taken at all.

    One UPDATE repeats all that makes a row due, and the fence it was seen with. No join in
    ``due``: PostgreSQL looks again at the row's own columns after waiting for it.
    """
    free = due.filter(pk=seen.pk, fence=seen.fence)
    return bool(
        free.update(
            fence=F("fence") + 1,
            lease_owner=f"{socket.gethostname()}:{os.getpid()}"[:80],
            lease_until=until,
            crashes=F("crashes") + int(bool(seen.lease_owner)),
        )
    )


def write(row: Job, fence: int, *, leased: bool = False, **values: Any) -> None:
    """Change the row if it is still held under this fence; raise ClaimLost otherwise.

    ``leased``: only while the lease lasts. Whoever was paused since must not act, even when nobody
    has taken over yet.
    """
    held = type(row)._default_manager.filter(pk=row.pk, fence=fence)
    if leased:
        held = held.filter(lease_until__gt=Now())
    if not held.update(**values):
        raise ClaimLost(f"{row.pk} fence {fence}{': the lease is over' if leased else ''}")
    for name, value in values.items():
        setattr(row, name, value)
