"""What people want done with something that has come to rest: take it back, clear the box."""

from studyhub.channels.models import Delivery
from studyhub.channels.ports import Publisher, StepName
from studyhub.channels.worker.attempts import call
from studyhub.channels.worker.lease import Claim

State = Delivery.State
Wish = Delivery.Wish


def withdraw(claim: Claim, channel: Publisher) -> None:
    """Take a published article back."""
    call(
        claim,
        StepName.WITHDRAW,
        lambda: channel.withdraw(claim.delivery.article_id),
        keep=lambda _: {"state": State.REMOVED, "wish": Wish.NONE},
    )
    claim.release(State.REMOVED)


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
