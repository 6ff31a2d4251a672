"""Where a text may be at the platform already: looked for before anything is made or submitted."""

from django.db import models

from studyhub.channels.models import Delivery
from studyhub.channels.ports import (
    Listing,
    Published,
    StepName,
    Submission,
    SubmissionStatus,
    Verdict,
)
from studyhub.channels.worker.attempts import call
from studyhub.channels.worker.lease import Claim
from studyhub.channels.worker.poll import ENDS, record_end

State = Delivery.State
CLOSED = (State.CANCELLED, State.FAILED, State.REJECTED)
TAKEN_AWAY = "文章发布以后在平台上被删除了。"
CONCLUSIVE = (Verdict.PUBLISHED, Verdict.RUNNING)


def find_trace(claim: Claim, channel: Listing) -> SubmissionStatus | None:
    """What the platform knows of this text under any marker it ever had, or None.

    Listed means published. A submission that we had closed and that still runs is waited for.
    """
    delivery = claim.delivery
    if not delivery.can_be_watched:
        return None
    closed = list(_closed_ones(delivery))
    for row in (delivery, *closed):
        found = channel.find_published(row.marker, row.created_at)
        if found and found.running:
            if status := _standing_of_taken(channel, found, ours=row is delivery):
                return status
        elif found and not found.deleted:
            return SubmissionStatus(Verdict.PUBLISHED, found, reason="平台上已有这篇文章")
        elif found and row is delivery:
            return SubmissionStatus(Verdict.REMOVED, reason=TAKEN_AWAY)
    statuses = [channel.poll(row.submission_id) for row in closed if row.submission_id]
    return next((status for status in statuses if status.verdict in CONCLUSIVE), None)


def _standing_of_taken(
    channel: Listing, found: Published, *, ours: bool
) -> SubmissionStatus | None:
    """The platform has it under review. Our own we follow by its number from now on."""
    if ours:
        taken = Submission(found.article_id)
        return SubmissionStatus(
            Verdict.RUNNING, reason="平台已经收下，还没有放出来", submission=taken
        )
    status = channel.poll(found.article_id)
    return status if status.verdict in CONCLUSIVE else None


def list_trace(claim: Claim, channel: Listing) -> SubmissionStatus | None:
    """The same as a step that people see in the list."""
    return call(
        claim,
        StepName.RECONCILE,
        lambda: find_trace(claim, channel),
        note=lambda status: status.reason if status else "平台还没有列出这篇文章",
    )


def settled_by_trace(claim: Claim, status: SubmissionStatus | None) -> bool:
    """Whether nothing is to be made or submitted now, because the text is out or under review."""
    if status is None:
        return False
    if status.published:
        claim.mark_published(status.published)
    elif status.verdict in ENDS:
        record_end(claim, status)
    elif status.submission:
        claim.write(**claim.accepted_values(status.submission))
        claim.mark_in_review()
    else:
        claim.poll_later()
    return True


def was_tried(delivery: Delivery) -> bool:
    """Whether something of this text may lie at the platform from an earlier try."""
    if delivery.restored:
        return True
    tried = delivery.steps.filter(step__in=(StepName.DRAFT, StepName.SUBMIT))
    return tried.exists() or _closed_ones(delivery).exists()


def _closed_ones(delivery: Delivery) -> "models.QuerySet[Delivery]":
    """Other deliveries of the same text to the same account that we have given up."""
    return Delivery.objects.filter(
        account_id=delivery.account_id,
        lesson_key=delivery.lesson_key,
        revision=delivery.revision,
        state__in=CLOSED,
    ).exclude(pk=delivery.pk)
