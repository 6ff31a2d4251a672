"""What a worker does by itself."""

from celery import shared_task

from studyhub.core.models import Heartbeat


@shared_task
def beat_worker() -> None:
    """Tells ``/readyz`` that scheduler, broker and worker run: a beat passes through all three."""
    Heartbeat.beat("worker")
