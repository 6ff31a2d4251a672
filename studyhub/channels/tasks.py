"""Hints to workers. A lost, late or doubled one changes nothing: the row is the job."""

from uuid import UUID

from celery import shared_task

from studyhub.channels.models import Delivery
from studyhub.channels.worker.run import run

HINT_LIVES = 300  # seconds; the sweeper hints again anyway, and a pile of old hints helps nobody


def hint(delivery_id: UUID, after: float = 0.0) -> None:
    """Tell a worker of a delivery, ``after`` so many seconds."""
    send_delivery.apply_async((str(delivery_id),), countdown=after, expires=after + HINT_LIVES)


@shared_task
def send_delivery(delivery_id: str) -> None:
    """Carry one delivery on, and hint again when it wants that soon."""
    wait = run(UUID(delivery_id))
    if wait is not None:
        hint(UUID(delivery_id), after=wait)


@shared_task
def sweep_deliveries() -> None:
    """Hint again at everything that is due: lost hints, waits that are over, dead workers."""
    for pk in Delivery.objects.due().overdue_ids():
        hint(pk)
