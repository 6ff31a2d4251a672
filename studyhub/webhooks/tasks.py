"""Hints to workers, and what they do by the clock. The row is the job (decision 0003)."""

from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from studyhub.webhooks import deliveries, sending
from studyhub.webhooks.models import Event, Message

KEPT = timedelta(days=90)


@shared_task
def send_message(message_id: str) -> None:
    """A hint that one waits."""
    sending.send(UUID(message_id))


@shared_task
def sweep_messages() -> None:
    """What no worker was told of, what comes again, and what dead workers left."""
    for pk in Message.objects.due().overdue_ids():
        send_message.delay(str(pk))


@shared_task
def tell_deliveries() -> None:
    """What became of the deliveries since the last look."""
    deliveries.tell_changed()


@shared_task
def forget_messages() -> None:
    """What was kept long enough; nobody asks for it again."""
    Event.objects.filter(happened_at__lt=timezone.now() - KEPT).delete()
