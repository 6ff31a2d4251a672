"""A lesson is taken down: what has not gone out does not go out, what is out becomes a task."""

from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from content import catalogue
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
    _withdraw(Delivery.objects.filter(lesson_key=lesson_key))


def withdraw_without_consent(lesson_key: UUID) -> None:
    """From the channels to which somebody who tells in it does not agree any more."""
    rows = Delivery.objects.filter(lesson_key=lesson_key, lesson_withdrawn_at=None)
    kinds = set(rows.values_list("account__kind", flat=True))
    if not (refused := catalogue.refused_for(lesson_key, kinds)):
        return
    accounts = ChannelAccount.objects.filter(kind__in=refused).values("pk")
    _withdraw(Delivery.objects.filter(lesson_key=lesson_key, account_id__in=accounts))


def _withdraw(rows: QuerySet[Delivery]) -> None:
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
