"""The worker's way in: take a delivery, carry it as far as it goes now, write down how it stands.

What to do next is told from what is known about the delivery (draft, submission, publication),
never from what a message said. Safe to call any number of times, from any number of workers.
"""

import logging
from collections.abc import Callable
from uuid import UUID

from studyhub.channels import registry, timings
from studyhub.channels.connections import open_films, open_messenger, open_publisher
from studyhub.channels.errors import ChannelError, ChannelUnavailable
from studyhub.channels.models import Delivery
from studyhub.channels.models.deliveries import NO_PUBLISH
from studyhub.channels.ports import Capability, Mode, Publisher, StepName
from studyhub.channels.worker import films, outcomes
from studyhub.channels.worker.crashpoints import reach
from studyhub.channels.worker.lease import Claim, claim
from studyhub.channels.worker.messages import speak
from studyhub.channels.worker.overtaken import set_aside_if_overtaken
from studyhub.channels.worker.poll import poll
from studyhub.channels.worker.prepare import prepare
from studyhub.channels.worker.submit import reconcile, submit
from studyhub.channels.worker.watch import watch, watch_published
from studyhub.channels.worker.wishes import discard, withdraw
from studyhub.core.errors import FilesAway
from studyhub.core.jobs import ClaimLost

log = logging.getLogger(__name__)
Step = Callable[[Claim, Publisher], None]
WISHES: dict[str, Step] = {Delivery.Wish.WITHDRAW: withdraw, Delivery.Wish.DISCARD: discard}


def run(delivery_id: UUID) -> float | None:
    """Carry the delivery on. Returns in how many seconds it wants to be taken again, if soon.

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
    return _next_run(taken)


def _carry_on(taken: Claim) -> None:
    try:
        if taken.delivery.crashes >= timings.count("CRASHES"):
            outcomes.put_aside(taken)
        elif set_aside_if_overtaken(taken):
            return
        else:
            _serve(taken)
    except ChannelError as error:
        outcomes.settle(taken, error)
    except FilesAway as away:  # where we keep pictures and films, not the platform
        outcomes.settle(taken, ChannelUnavailable(away.detail, code=away.code))
    except ClaimLost:
        raise
    except Exception as error:  # noqa: BLE001  our own bug must not leave the row in the dark
        outcomes.settle_broken(taken, error)


def _serve(taken: Claim) -> None:
    """As the platform is: a person posts, a robot speaks, or it goes step by step."""
    account = taken.delivery.account
    if registry.takes_film(account.kind):
        _run_film(taken)
    elif account.mode == Mode.MANUAL:
        _hand_over(taken)
    elif registry.is_messenger(account.kind):
        speak(taken, open_messenger(account))
    else:
        _run_steps(taken)


def _run_steps(taken: Claim) -> None:
    channel = open_publisher(taken.delivery.account)
    while taken.held:
        next_step(taken.delivery)(taken, channel)


def _run_film(taken: Claim) -> None:
    channel = open_films(taken.delivery.account)
    while taken.held:
        films.next_step(taken.delivery)(taken, channel)


def next_step(delivery: Delivery) -> Step:
    """What to do now, told from the row alone."""
    if delivery.wish:
        return WISHES[delivery.wish]
    if delivery.state == Delivery.State.WAITING_HUMAN:
        return watch
    if delivery.state == Delivery.State.PUBLISHED:
        return watch_published
    if delivery.submission_id:
        return poll
    if delivery.may_be_out:
        return reconcile
    if not delivery.draft_id:
        return prepare
    wanted = delivery.action == Delivery.Action.PUBLISH
    return submit if wanted and delivery.account.can(Capability.PUBLISH) else leave_draft


def leave_draft(taken: Claim, channel: Publisher) -> None:
    """The draft lies in the box and stays there: a person publishes it in the console."""
    outcomes.note_healthy(taken)
    wanted = taken.delivery.action == Delivery.Action.DRAFT
    taken.wait_for_person(
        "" if wanted else NO_PUBLISH,
        "" if wanted else "这个账号没有接口发布的权限，草稿已经放进草稿箱。",
        action="请到平台后台打开草稿，检查后发布，再点“已在后台确认发布”并贴上链接。",
    )


def _hand_over(taken: Claim) -> None:
    """The text was made when the delivery was asked for: only a person can go on."""
    attempt = taken.open(StepName.PACKAGE)
    taken.finish(attempt, "文稿已备好，可以复制")
    outcomes.note_healthy(taken)
    action = "请打开文稿，复制到平台发布，再点“已在后台确认发布”并贴上链接。"
    taken.wait_for_person(action=action)


def _next_run(taken: Claim) -> float | None:
    delivery = taken.delivery
    if delivery.state == Delivery.State.PUBLISHED:
        outcomes.note_healthy(taken)
    if delivery.not_before is None or delivery.state not in Delivery.MOVING:
        return None
    wait = (delivery.not_before - taken.now).total_seconds()
    return max(wait, 0.0) if wait <= timings.seconds("HINT_WITHIN") else None
