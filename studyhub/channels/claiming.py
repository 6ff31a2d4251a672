"""Who works on a delivery. A claim is a lease with a fence: whoever lost it can write no more."""

import logging
import os
import socket
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from studyhub.channels import pace
from studyhub.channels.errors import (
    AccountStopped,
    ChannelError,
    ChannelRefused,
    ChannelUncertain,
    PersonNeeded,
    QuotaUsedUp,
)
from studyhub.channels.models import ChannelAccount, Delivery, DeliveryAttempt

log = logging.getLogger(__name__)

Outcome = DeliveryAttempt.Outcome
OUTCOMES: tuple[tuple[type[ChannelError], Outcome], ...] = (
    (ChannelRefused, Outcome.REFUSED),
    (ChannelUncertain, Outcome.UNCERTAIN),
    (QuotaUsedUp, Outcome.QUOTA),
    (AccountStopped, Outcome.ACCOUNT),
    (PersonNeeded, Outcome.PERSON),
    (ChannelError, Outcome.UNAVAILABLE),
)


class ClaimLost(Exception):
    """Somebody else has taken the delivery over, or a person has cancelled it. Stop quietly."""


def database_now() -> datetime:
    """The database's clock: the only one all workers share."""
    row = ChannelAccount.objects.annotate(clock=Now()).values_list("clock", flat=True).first()
    return row or timezone.now()


@dataclass
class Claim:
    """The right to work on one delivery until the lease ends."""

    delivery: Delivery
    fence: int
    now: datetime
    held: bool = True

    def write(self, **values: Any) -> None:
        """Change the row if it is still ours; raise ClaimLost otherwise."""
        rows = Delivery.objects.filter(pk=self.delivery.pk, fence=self.fence)
        if not rows.update(**values, updated_at=timezone.now()):
            raise ClaimLost(f"{self.delivery.pk} fence {self.fence}")
        for name, value in values.items():
            setattr(self.delivery, name, value)

    def open(self, step: str, **values: Any) -> DeliveryAttempt:
        """Commit that a step begins, before the platform is called. Renews the lease."""
        self.now = database_now()
        with transaction.atomic():
            self.write(lease_until=self.now + pace.span("LEASE"), **values)
            return DeliveryAttempt.objects.create(
                delivery=self.delivery, step=step, fence=self.fence
            )

    def finish(self, attempt: DeliveryAttempt, note: str = "", **values: Any) -> None:
        """Commit what a step brought."""
        with transaction.atomic():
            if values:
                self.write(**values)
            close_attempt(attempt, Outcome.DONE, note)

    def release(self, state: "Delivery.State", **values: Any) -> None:
        """Let go in a state; whoever is due next may take it."""
        self.write(state=state, lease_owner="", lease_until=None, crashes=0, **values)
        self.held = False


def claim(delivery_id: UUID) -> Claim | None:
    """Take the delivery, or None when nothing is to be done or somebody else was quicker.

    The row is read first and then taken by one UPDATE that repeats the fence it was seen with:
    of any number of workers exactly one changes a row. The try is counted before it runs.
    """
    due = Delivery.objects.due().filter(pk=delivery_id).select_related("account")
    row = due.first()
    if row is None:
        return None
    now = database_now()
    taken_over = bool(row.lease_owner)  # the former worker never let go: it died
    working = not row.publish_id and row.submit_started_at is None and not row.wish
    values = {
        "fence": row.fence + 1,
        "lease_owner": f"{socket.gethostname()}:{os.getpid()}"[:80],
        "lease_until": now + pace.span("LEASE"),
        "attempts": row.attempts + working,
        "crashes": row.crashes + taken_over,
    }
    if not Delivery.objects.filter(pk=row.pk, fence=row.fence).update(**values):
        return None
    for name, value in values.items():
        setattr(row, name, value)
    if taken_over:
        log.warning("delivery %s taken over from a worker that died", row.pk)
    return Claim(row, row.fence, now)


def close_attempt(
    attempt: DeliveryAttempt,
    outcome: "DeliveryAttempt.Outcome",
    note: str = "",
    *,
    errcode: str = "",
    request_ref: str = "",
) -> None:
    DeliveryAttempt.objects.filter(pk=attempt.pk).update(
        outcome=outcome,
        note=note[:500],
        errcode=errcode[:40],
        request_ref=request_ref[:80],
        finished_at=timezone.now(),
    )


def note_failure(attempt: DeliveryAttempt, error: ChannelError) -> None:
    outcome = next(outcome for kind, outcome in OUTCOMES if isinstance(error, kind))
    close_attempt(attempt, outcome, error.detail, errcode=error.code, request_ref=error.request_ref)
