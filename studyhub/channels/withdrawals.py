"""A lesson is taken down: what has not gone out does not go out, what is out becomes a task."""

from uuid import UUID

from django.db.models import F
from django.utils import timezone

from studyhub.channels.models import ChannelAccount, Delivery, DeliveryAttempt
from studyhub.channels.models.deliveries import (
    LESSON_WITHDRAWN,
    NO_ERROR,
    NOT_SENT,
    STILL_OUT,
)
from studyhub.channels.ports import Mode

State = Delivery.State
Wish = Delivery.Wish


def withdraw_lesson(lesson_key: UUID) -> None:
    """In the transaction that takes it down. A worker that is busy with one loses its claim."""
    rows = Delivery.objects.filter(lesson_key=lesson_key)
    rows.update(lesson_withdrawn_at=timezone.now())
    unsent = rows.filter(state__in=(*Delivery.CANCELLABLE, State.SUBMITTING))
    unsent = unsent.filter(submit_started_at=None)
    by_api = ChannelAccount.objects.filter(mode=Mode.API).values("pk")
    begun = unsent.exclude(state=State.QUEUED, lease_until=None).filter(account_id__in=by_api)
    begun.update(wish=Wish.DISCARD)
    DeliveryAttempt.close_left(unsent)
    unsent.update(
        state=State.CANCELLED,
        fence=F("fence") + 1,
        lease_owner="",
        not_before=F("lease_until"),  # a draft that is just being made may appear until then
        lease_until=None,
        **NOT_SENT,
    )
    rows.filter(state=State.PUBLISHED).update(**STILL_OUT)


def reopen_lesson(lesson_key: UUID) -> None:
    """It can be read again: what is out is no task any more."""
    rows = Delivery.objects.filter(lesson_key=lesson_key, lesson_withdrawn_at__isnull=False)
    rows.filter(state=State.PUBLISHED, error_code=LESSON_WITHDRAWN).update(**NO_ERROR)
    rows.update(lesson_withdrawn_at=None)
