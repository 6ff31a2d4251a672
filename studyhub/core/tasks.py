"""What a worker does by itself."""

from datetime import timedelta

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
