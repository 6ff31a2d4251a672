"""What people want done with something that has come to rest: take it back, clear the box."""

from studyhub.channels.errors import PersonNeeded
from studyhub.channels.models import Delivery
from studyhub.channels.models.deliveries import BY_HAND
from studyhub.channels.ports import Listing, StepName
from studyhub.channels.worker.attempts import call
from studyhub.channels.worker.lease import Claim

State = Delivery.State
Wish = Delivery.Wish
DRAFTS_AT_MOST = 8  # as many as there are tries


def withdraw(claim: Claim, channel: Listing) -> None:
    """Take a published article back; one that a person posted is found by its marker."""

    def take_back() -> None:
        delivery = claim.delivery
        channel.withdraw(delivery.article_id or _listed(channel, delivery))

    call(
        claim,
        StepName.WITHDRAW,
        take_back,
        keep=lambda _: {"state": State.REMOVED, "wish": Wish.NONE},
    )
    claim.release(State.REMOVED)


def _listed(channel: Listing, delivery: Delivery) -> str:
    found = channel.find_published(delivery.marker, delivery.created_at)
    if found is None:
        raise PersonNeeded(
            "系统在平台上没有找到这篇文章。", code="not_listed", action=BY_HAND["error_action"]
        )
    return found.article_id


def discard(claim: Claim, channel: Listing) -> None:
    """Take the draft of a cancelled delivery out of the box, also those we were never told of."""

    def delete() -> None:
        if claim.delivery.draft_id:
            channel.delete_draft(claim.delivery.draft_id)
        _clear_box(claim.delivery, channel)

    call(
        claim,
        StepName.DISCARD,
        delete,
        keep=lambda _: {"wish": Wish.NONE},
    )
    claim.release(State(claim.delivery.state))


def discard_copies(claim: Claim, channel: Listing) -> None:
    """What is out needs no draft: one that came late lies there, and a person might publish it."""
    drafts = claim.delivery.steps.filter(step=StepName.DRAFT)
    if drafts.count() > 1:
        call(claim, StepName.DISCARD, lambda: _clear_box(claim.delivery, channel))


def _clear_box(row: Delivery, channel: Listing) -> None:
    for _ in range(DRAFTS_AT_MOST):
        draft_id = channel.find_draft(row.marker, row.created_at)
        if draft_id is None:
            return
        channel.delete_draft(draft_id)
