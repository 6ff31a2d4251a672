"""Hints to workers. A lost, late or doubled one changes nothing: the row is the job."""

from uuid import UUID

from celery import shared_task

from studyhub.channels import counts, inbox
from studyhub.channels.models import Delivery, InboxMessage
from studyhub.channels.models.inbox import InboxQuerySet
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


@shared_task
def handle_callbacks() -> None:
    """A hint that some have come; whatever is new is handled, whoever hinted."""
    _handle(InboxMessage.objects.waiting().new())


@shared_task
def sweep_callbacks() -> None:
    """What no worker was told of; then what came before we knew its number."""
    _handle(InboxMessage.objects.waiting().new())
    _handle(InboxMessage.objects.waiting())


def _handle(messages: InboxQuerySet) -> None:
    """Let the deliveries that they are about be carried on now."""
    for message_id in messages.oldest_ids():
        for delivery_id in inbox.handle(message_id):
            hint(delivery_id)


@shared_task
def forget_callbacks() -> None:
    """What was kept long enough."""
    inbox.forget_old()


@shared_task
def count_reads() -> None:
    """A hint for each account whose figures of today are missing; asked every hour."""
    for account in counts.accounts_to_count():
        count_account.apply_async((account.key,), expires=HINT_LIVES)


@shared_task
def count_account(key: str) -> None:
    """Ask for one account's figures."""
    for account in counts.accounts_to_count():
        if account.key == key:
            counts.count_account(account)
