"""Hints to workers. A lost, late or doubled one changes nothing: the row is the job."""

from uuid import UUID

from celery import shared_task

from studyhub.channels.models import Delivery
from studyhub.channels.worker.run import run

SWEEP_AT_MOST = 500


@shared_task
def send_delivery(delivery_id: str) -> None:
    """Carry one delivery on, and hint again when it wants that soon."""
    wait = run(UUID(delivery_id))
    if wait is not None:
        send_delivery.apply_async((delivery_id,), countdown=wait)


@shared_task
def sweep_deliveries() -> None:
    """Hint again at everything that is due: lost hints, waits that are over, dead workers."""
    for pk in Delivery.objects.due().order_by("pk").values_list("pk", flat=True)[:SWEEP_AT_MOST]:
        send_delivery.delay(str(pk))
