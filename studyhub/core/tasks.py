"""What a worker does by itself, and how a scheduler is known from another."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from celery import shared_task
from django.utils import timezone

from studyhub.core.models import Heartbeat

SCHEDULER = "scheduler "
FORGOTTEN_AFTER = timedelta(days=1)


@shared_task
def beat_worker(scheduler: str = "") -> None:
    """Tells ``/readyz`` that scheduler, broker and worker run: a beat passes through all three.

    ``scheduler`` names the process that asked: two of them send everything twice.
    """
    Heartbeat.beat("worker")
    if scheduler:
        Heartbeat.beat(f"{SCHEDULER}{scheduler}")
        old = timezone.now() - FORGOTTEN_AFTER
        Heartbeat.objects.filter(name__startswith=SCHEDULER, beat_at__lt=old).delete()


def name_scheduler(service: Any) -> str:
    """Give this scheduler a name of its own, which its beats carry from now on."""
    name = uuid4().hex[:12]
    for entry in service.scheduler.schedule.values():
        if entry.task == beat_worker.name:
            entry.kwargs = {"scheduler": name}
    return name
