"""What operations watch on ``/metrics``: numbers that phones gave and no record has come for."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

from studyhub.records.models import DeviceCursor, Record

LOST_AFTER = timedelta(days=7)  # phones keep what they sent for so long (reliability A6)
AGAIN_AFTER = 600  # seconds; every process that is asked looks for itself
NAME = "studyhub_record_gaps"


def lost_gaps() -> int:
    """Gaps in the numbers of phones below what arrived more than seven days ago; should be 0.

    What the phone kept has been asked for again since, and did not come. One query, which looks at
    phones with gaps alone.
    """
    gapped: QuerySet[Any] = DeviceCursor.objects.filter(has_gaps=True)
    cursors = gapped.annotate(old=Subquery(_old_number()))
    return sum(last < (c.old or 0) for c in cursors.iterator() for _, last in c.missing)


def _old_number() -> QuerySet[Record, int | None]:
    """The highest number of a phone that arrived long enough ago."""
    device = Record.objects.filter(member=OuterRef("member"), device_id=OuterRef("device_id"))
    old = device.filter(received_at__lt=timezone.now() - LOST_AFTER, seq__isnull=False)
    return old.order_by("-seq").values_list("seq", flat=True)[:1]


class GapCollector(Collector):
    """Counts the gaps at most every ten minutes, however often it is scraped."""

    def __init__(self) -> None:
        self._gaps, self._until = 0, 0.0

    def describe(self) -> list[GaugeMetricFamily]:
        return [_family()]  # registering it must not ask the database

    def collect(self) -> Iterator[GaugeMetricFamily]:
        if time.monotonic() >= self._until:
            try:
                self._gaps = lost_gaps()
            except DatabaseError:
                return  # /readyz says so; the other figures are worth having
            self._until = time.monotonic() + AGAIN_AFTER
        family = _family()
        family.add_metric([], self._gaps)
        yield family


def _family() -> GaugeMetricFamily:
    return GaugeMetricFamily(NAME, "Gaps in the numbers of phones' records older than seven days")


def register() -> None:
    """Add the collector to ``/metrics``; once in the life of a process."""
    REGISTRY.register(GapCollector())
