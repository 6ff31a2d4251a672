"""Who works on a delivery. A claim is a lease with a fence: whoever lost it can write no more."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from studyhub.channels import timings
from studyhub.channels.errors import ChannelError
from studyhub.channels.models import Delivery, DeliveryAttempt
from studyhub.channels.models.deliveries import NO_ERROR, STILL_OUT
from studyhub.channels.ports import Published, Reference, Submission
from studyhub.channels.worker import backoff
from studyhub.core import jobs
from studyhub.core.clock import database_now

log = logging.getLogger(__name__)
State = Delivery.State


@dataclass
class Claim:
    """The right to work on one delivery until the lease ends.

    ``now`` is the database's time when the claim last wrote; ``held`` ends with a release;
    ``tried`` says that a call was made, which is one try however many calls there are.
    """

    delivery: Delivery
    fence: int
    now: datetime
    held: bool = True
    tried: bool = False

    def write(self, **values: Any) -> None:
        """Change the row if it is still ours; raise ClaimLost otherwise."""
        jobs.write(self.delivery, self.fence, **values)

    def open(self, step: str, **values: Any) -> DeliveryAttempt:
        """Commit that a step begins, before the platform is called. Renews the lease."""
        self.now = database_now()
        with transaction.atomic():
            self.write(lease_until=self.now + timings.span("LEASE"), **values)
            return DeliveryAttempt.objects.create(
                delivery=self.delivery, step=step, fence=self.fence
            )

    def count_try(self) -> dict[str, int]:
        """What the first call of a turn adds to the tries; looking and taking back are none."""
        delivery = self.delivery
        looks = delivery.may_be_out or delivery.state in Delivery.RESTING
        if self.tried or looks or delivery.wish:
            return {}
        self.tried = True
        return {"attempts": delivery.attempts + 1}

    def confirm(self, **values: Any) -> None:
        """Right before a call: go on only while the lease holds, by the database's clock.

        Whoever was paused since must not act, even when nobody has taken over yet.
        """
        values |= self.count_try()
        jobs.write(self.delivery, self.fence, leased=True, **values)

    def note_progress(self, external: dict[str, Any]) -> None:
        """In the middle of a long call: what is done by now, and the lease begins anew."""
        self.now = database_now()
        until = self.now + timings.span("LEASE")
        values = {"external": external, "lease_until": until}
        jobs.write(self.delivery, self.fence, leased=True, **values)

    def finish(self, attempt: DeliveryAttempt, note: str = "", **values: Any) -> None:
        """Commit what a step brought, together with the end of the step."""
        with transaction.atomic():
            if values:
                self.write(**values)
            attempt.close(DeliveryAttempt.Outcome.DONE, note)

    def release(self, state: "Delivery.State", **values: Any) -> None:
        """Let go in a state; whoever is due next may take it.

        A wait that is not given is over: ``not_before`` is None unless the caller says otherwise.
        """
        values = {"not_before": None, "crashes": 0, **values}
        self.write(state=state, lease_owner="", lease_until=None, **values)
        self.held = False

    def rest_for(self, wait: timedelta, **values: Any) -> None:
        """Let go as it stands, to be taken again after a while."""
        self.release(self.standing, not_before=self.now + wait, **values)

    def poll_later(
        self, *, no_later_than: timedelta | None = None, error: ChannelError | None = None
    ) -> None:
        """Let go and ask the platform again, later each time it was asked in vain."""
        polls = self.delivery.polls
        wait = backoff.poll_delay(polls)
        if no_later_than is not None:
            wait = min(wait, no_later_than + timedelta(milliseconds=10))
        self.rest_for(wait, polls=polls + 1, **(explained(error) if error else {}))

    def mark_in_review(self) -> None:
        """The platform has taken the draft; the row holds the numbers it gave already."""
        self.release(State.IN_REVIEW, not_before=self.now + backoff.poll_delay(0), polls=0)

    def mark_published(self, found: Published) -> None:
        """The platform says that it is out."""
        self.release(State.PUBLISHED, **self.published_values(found))

    def mark_error(self, state: "Delivery.State", error: ChannelError, **values: Any) -> None:
        """Come to rest in a state, with the platform's reason for people to read."""
        self.release(state, **explained(error), **values)

    def wait_for_person(
        self, code: str = "", detail: str = "", *, action: str, **values: Any
    ) -> None:
        """Only a person can go on; ``action`` tells them how. A worker looks whether they have."""
        self.delivery.polls = 0
        error = ChannelError(detail, code=code, action=action)
        self.watch_later(**explained(error), **values)

    def watch_later(self, **values: Any) -> None:
        """Let go of what waits for a person, and look later what has become of it."""
        polls = self.delivery.polls
        later = self.now + backoff.watch_delay(polls) if self.delivery.can_be_watched else None
        self.release(State.WAITING_HUMAN, not_before=later, polls=polls + 1, **values)

    def look_later(self) -> None:
        """Let go of what is out, and look later whether it still is."""
        polls = self.delivery.polls
        later = self.now + backoff.published_delay(polls)
        self.release(State.PUBLISHED, not_before=later, polls=polls + 1)

    @property
    def standing(self) -> "Delivery.State":
        """How it stands when nobody works on it; a wish or a person's turn keep the state."""
        delivery = self.delivery
        kept = delivery.wish or delivery.state in Delivery.RESTING
        return State(delivery.state) if kept else delivery.resting_state

    def accepted_values(self, answer: Submission) -> dict[str, object]:
        """What a submission that the platform has taken changes in the row."""
        given = {Reference.SUBMISSION.value: answer.submission_id, **answer.extra}
        return {
            "external": self.delivery.with_references(**given),
            "submitted_at": database_now(),
            "state": State.IN_REVIEW,
        }

    def published_values(self, found: Published) -> dict[str, object]:
        """What the news that it is out changes in the row."""
        given = {Reference.ARTICLE.value: found.article_id}
        return {
            "external": self.delivery.with_references(**given),
            "url": found.url,
            "published_at": database_now(),
            "not_before": self._first_look(),
            "polls": 1,
            **(STILL_OUT if self.delivery.lesson_withdrawn_at else NO_ERROR),
        }

    def _first_look(self) -> datetime | None:
        """When to see whether what is out still is; in a chat there is nothing to look at."""
        watched = self.delivery.can_be_watched
        return self.now + backoff.published_delay(0) if watched else None


def explained(error: ChannelError) -> dict[str, str]:
    """An error as the row keeps it for people."""
    return {
        "error_code": error.code[:40],
        "error_detail": error.detail[:500],
        "error_action": error.action[:300],
    }


def first_due(delivery_id: UUID) -> Delivery | None:
    """The delivery if something could be done on it now; another may be quicker."""
    due = Delivery.objects.due().filter(pk=delivery_id)
    return due.select_related("account").first()


def claim(delivery_id: UUID) -> Claim | None:
    """Take the delivery, or None when nothing is to be done or somebody else was quicker.

    The holder sees the row as it is after taking it.
    """
    seen = first_due(delivery_id)
    if seen is None:
        return None
    now = database_now()
    if not jobs.take(seen, Delivery.objects.due(), until=now + timings.span("LEASE")):
        return None
    row = Delivery.objects.select_related("account").get(pk=seen.pk)
    if row.fence != seen.fence + 1:
        return None  # a person was at it in between
    if seen.lease_owner:
        log.warning("delivery %s taken over from a worker that died", row.pk)
        DeliveryAttempt.close_left([row])
    return Claim(row, row.fence, now)
