"""What platforms send to us: taken in once, answered at once, handled afterwards (decision 0054).

A callback is a hint. It wakes the deliveries it may be about; what became of them only the
platform's answer to our own question says (decision 0012).
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from studyhub.channels import registry, replies
from studyhub.channels.callback_ports import (
    CallbackRefused,
    Incoming,
    Message,
    Receiver,
    Reply,
    Topic,
)
from studyhub.channels.models import ChannelAccount, Delivery, InboxMessage
from studyhub.core.clock import database_now

Outcome = InboxMessage.Outcome
KEPT_FOR = timedelta(days=30)
MATCHED_WITHIN = timedelta(hours=48)  # an event may come before its number is known here
NOTED_EVERY = timedelta(seconds=10)  # refusals: whoever knocks without end writes little
SALT = "studyhub.channels.inbox"
FREE = Q(lease_until=None) | Q(lease_until__lte=Now())


def receive(kind: str, key: str, incoming: Incoming) -> tuple[Reply, bool]:
    """The answer, and whether something is to be done about it now.

    Raises KeyError for a kind that sends nothing, and CallbackRefused, which says the same of a
    key that is not there as of a wrong signature.
    """
    receiver = registry.receiver_class(kind)
    if receiver is None:
        raise KeyError(kind)
    account = ChannelAccount.objects.filter(kind=kind, key=key).first()
    message = _open(receiver, account, incoming)
    if account is None or message.topic == Topic.CHECK:
        return message.reply(""), False
    row, created = _keep(account, message)
    return message.reply(row.answer), created and row.handled_at is None


def _open(receiver: type[Receiver], account: ChannelAccount | None, incoming: Incoming) -> Message:
    """The same steps for an account that is not there, so that nobody learns which are."""
    try:
        return receiver(account.secrets if account else {}).read(incoming)
    except CallbackRefused as refused:
        _note_refusal(account, refused.detail)
        raise


def _note_refusal(account: ChannelAccount | None, detail: str) -> None:
    now = timezone.now()
    rows = ChannelAccount.objects.filter(pk=account.pk if account else 0)
    seldom = Q(callback_refused_at=None) | Q(callback_refused_at__lt=now - NOTED_EVERY)
    rows.filter(seldom).update(callback_refused_at=now, callback_refusal=detail[:200])


def _keep(account: ChannelAccount, message: Message) -> tuple[InboxMessage, bool]:
    """The one row of this message, and whether it is new. Repeats read what was answered."""
    identity = salted_hmac(SALT, message.identity, algorithm="sha256").hexdigest()
    return InboxMessage.objects.get_or_create(
        account=account, identity_hash=identity, defaults=_values_of(message)
    )


def _values_of(message: Message) -> dict[str, Any]:
    values: dict[str, Any] = {
        "topic": message.topic,
        "name": message.name,
        "submission_id": message.submission_id,
        "numbers": list(message.numbers),
        "facts": dict(message.facts),
    }
    if message.topic == Topic.JOB_ENDED:
        return values
    answered = message.topic == Topic.WORDS
    values["answer"] = (lambda: replies.reply_to(message.words)) if answered else ""
    outcome = Outcome.ANSWERED if answered else Outcome.IGNORED
    return values | {"outcome": outcome, "handled_at": timezone.now}


def handle(message_id: UUID) -> list[UUID]:
    """The deliveries that are due now because of this message. Safe to repeat."""
    message = InboxMessage.objects.waiting().filter(pk=message_id).first()
    if message is None:
        return []
    rows = _rows_in_question(message.account_id)
    numbers = set(message.numbers)
    about = [row for row in rows if numbers & set(row.external.values())]
    if about:
        return _wake_or_wait(message, about)
    if _is_over(message):
        _settle(message, Outcome.IGNORED, over=True)
        return []
    guessed = [] if message.outcome else [row for row in rows if _may_be(row, message)]
    over = database_now() - message.received_at > MATCHED_WITHIN
    _settle(message, Outcome.UNMATCHED, over=over)
    return [row.pk for row in guessed if _wake(row)]


def _rows_in_question(account_id: int) -> list[Delivery]:
    """What was submitted, or may have been, and has not come to its end."""
    states = (*Delivery.MOVING, Delivery.State.WAITING_HUMAN)
    rows = Delivery.objects.filter(account=account_id, state__in=states).defer("post")
    return [row for row in rows if row.may_be_out]


def _is_over(message: InboxMessage) -> bool:
    """We asked before the news came: nothing is left to be looked at."""
    number = message.submission_id
    ours = Delivery.objects.filter(account=message.account_id, external__submission_id=number)
    return bool(number) and ours.exists()


def _may_be(row: Delivery, message: InboxMessage) -> bool:
    """A number of ours that is not known, here or there: looking costs one question."""
    return not row.submission_id or not message.submission_id


def _wake_or_wait(message: InboxMessage, rows: list[Delivery]) -> list[UUID]:
    """A worker that asks at this moment may have asked too early: then the sweep wakes it again."""
    woken = [row.pk for row in rows if _wake(row)]
    _settle(message, Outcome.WOKEN, over=len(woken) == len(rows))
    return woken


def _wake(row: Delivery) -> bool:
    return bool(Delivery.objects.filter(FREE, pk=row.pk).update(not_before=None))


def _settle(message: InboxMessage, outcome: str, *, over: bool) -> None:
    handled_at = timezone.now() if over else None
    InboxMessage.objects.waiting().filter(pk=message.pk).update(
        outcome=outcome, handled_at=handled_at
    )


def last_received(account: ChannelAccount) -> InboxMessage | None:
    """The newest callback that was taken in."""
    return account.inbox.order_by("-pk").first()


def forget_old() -> int:
    """What came longer ago than it is kept; returns how many."""
    gone, _ = InboxMessage.objects.filter(received_at__lt=timezone.now() - KEPT_FOR).delete()
    return gone
