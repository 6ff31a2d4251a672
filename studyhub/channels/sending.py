"""The worker's side of a delivery: take it, carry it as far as it goes now, write down how it
stands.

What to do next is told from what is known about the delivery (draft id, submission, publication),
never from what a message said. Safe to call any number of times, from any number of workers.
"""

import logging
from collections.abc import Callable
from uuid import UUID

from studyhub.channels import following, outcomes, pace, preparing, submitting
from studyhub.channels.claiming import Claim, ClaimLost, claim
from studyhub.channels.crashpoints import reach
from studyhub.channels.errors import ChannelError
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.ports import Publisher
from studyhub.channels.registry import open_publisher

log = logging.getLogger(__name__)
State = Delivery.State
Step = Callable[[Claim, Publisher], None]


def send(delivery_id: UUID) -> float | None:
    """Carry the delivery on. Returns in how many seconds it wants to be looked at again, if soon.

    Raises nothing of a platform's: every outcome is in the row.
    """
    taken = claim(delivery_id)
    if taken is None:
        return None
    reach("claimed")
    try:
        _carry_on(taken)
    except ClaimLost as lost:
        log.info("claim lost: %s", lost)
        return None
    return _next_look(taken)


def _carry_on(taken: Claim) -> None:
    try:
        if taken.delivery.crashes >= pace.count("CRASHES"):
            outcomes.put_aside(taken)
        elif taken.delivery.account.mode == ChannelAccount.Mode.MANUAL:
            _hand_over(taken)
        else:
            _run_steps(taken)
    except ChannelError as error:
        outcomes.settle(taken, error)
    except ClaimLost:
        raise
    except Exception as error:  # noqa: BLE001  our own bug must not leave the row in the dark
        outcomes.settle_broken(taken, error)


def _run_steps(taken: Claim) -> None:
    channel = open_publisher(taken.delivery.account)
    while taken.held:
        _next_step(taken.delivery)(taken, channel)


def _next_step(delivery: Delivery) -> Step:
    if delivery.wish:
        wishes = {
            Delivery.Wish.WITHDRAW: following.withdraw,
            Delivery.Wish.DISCARD: following.discard,
        }
        return wishes[Delivery.Wish(delivery.wish)]
    if delivery.publish_id:
        return following.follow
    if delivery.submit_started_at:
        return submitting.reconcile
    if not delivery.media_id:
        return preparing.prepare
    if delivery.action == Delivery.Action.DRAFT or not delivery.account.can("freepublish"):
        return _leave_draft
    return submitting.submit


def _leave_draft(taken: Claim, channel: Publisher) -> None:
    outcomes.note_healthy(taken)
    wanted = taken.delivery.action == Delivery.Action.DRAFT
    taken.release(
        State.WAITING_HUMAN,
        not_before=None,
        error_code="" if wanted else "no_freepublish",
        error_detail="" if wanted else "这个公众号没有接口发布的权限，草稿已经放进草稿箱。",
        error_action="请到公众号后台打开草稿，检查后发布，再点“已在后台确认发布”并贴上链接。",
    )


def _hand_over(taken: Claim) -> None:
    """The text was made when the delivery was asked for: only a person can go on."""
    attempt = taken.open("package")
    taken.finish(attempt, "文稿已备好，可以复制")
    outcomes.note_healthy(taken)
    taken.release(
        State.WAITING_HUMAN,
        not_before=None,
        error_action="请打开文稿，复制到平台发布，再点“已在后台确认发布”并贴上链接。",
    )


def _next_look(taken: Claim) -> float | None:
    delivery = taken.delivery
    if delivery.state == State.PUBLISHED:
        outcomes.note_healthy(taken)
    if delivery.not_before is None or delivery.state not in Delivery.MOVING:
        return None
    wait = (delivery.not_before - taken.now).total_seconds()
    return max(wait, 0.0) if wait <= pace.seconds("HINT_WITHIN") else None
