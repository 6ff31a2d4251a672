"""What people want done with something that has come to rest: take it back, clear the box."""

from studyhub.channels.errors import PersonNeeded
from studyhub.channels.models import Delivery
from studyhub.channels.models.deliveries import BY_HAND
from studyhub.channels.ports import Publisher, StepName
from studyhub.channels.worker.attempts import call
from studyhub.channels.worker.lease import Claim

State = Delivery.State
Wish = Delivery.Wish


def withdraw(claim: Claim, channel: Publisher) -> None:
    """Take a published article back; one that a person posted is found by its marker."""

    def take_back() -> None:
        delivery = claim.delivery
        channel.withdraw(delivery.article_id or _listed(channel, delivery.marker))

    call(
        claim,
        StepName.WITHDRAW,
        take_back,
        keep=lambda _: {"state": State.REMOVED, "wish": Wish.NONE},
    )
    claim.release(State.REMOVED)


def _listed(channel: Publisher, marker: str) -> str:
    found = channel.find_published(marker)
    if found is None:
        raise PersonNeeded(
            "系统在平台上没有找到这篇文章。", code="not_listed", action=BY_HAND["error_action"]
        )
    return found.article_id


def discard(claim: Claim, channel: Publisher) -> None:
    """Take the draft of a cancelled delivery out of the box, also one we were never told of."""

    def delete() -> None:
        draft_id = claim.delivery.draft_id or channel.find_draft(claim.delivery.marker)
        if draft_id:
            channel.delete_draft(draft_id)

    call(
        claim,
        StepName.DISCARD,
        delete,
        keep=lambda _: {"wish": Wish.NONE},
    )
    claim.release(State(claim.delivery.state))
