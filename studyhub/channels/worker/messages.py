"""What is said in a chat: once.

Nothing can be looked up there, so what is unsure a person looks up.
"""

from studyhub.channels import timings
from studyhub.channels.errors import ChannelError, ChannelUncertain
from studyhub.channels.models import Delivery
from studyhub.channels.ports import Messenger, Published, StepName
from studyhub.channels.worker import outcomes
from studyhub.channels.worker.attempts import call
from studyhub.channels.worker.lease import Claim
from studyhub.channels.worker.submit import is_our_turn, was_pressed
from studyhub.core.clock import database_now

State = Delivery.State

UNSURE = "不知道群里有没有收到这一条。"
OUT = Published(article_id="", url="")  # a word in a chat has no address
LOOK = (
    "请到群里看一眼：已经有了就点“已在后台确认发布”并贴上这一课的链接；"
    "没有，等发出半小时以后点“重试”，会再发一次。"
)


def speak(claim: Claim, channel: Messenger) -> None:
    """Say it, unless it may be there already and nobody has looked since."""
    if _may_be_there(claim.delivery) and not _was_looked_for(claim):
        _ask_person(claim)
        return
    channel.check(claim.delivery.frozen_post)
    if is_our_turn(claim):
        _say(claim, channel)
    elif claim.held:
        claim.rest_for(timings.span("TURN_WAIT"))


def _may_be_there(delivery: Delivery) -> bool:
    """Sent and not answered, or from a backup, which may not know of it."""
    return delivery.may_be_out or delivery.restored


def _was_looked_for(claim: Claim) -> bool:
    """A person has pressed the button, later than any call may still be on its way."""
    quiet_until = claim.delivery.quiet_until
    return was_pressed(claim.delivery) and not (quiet_until and claim.now < quiet_until)


def _ask_person(claim: Claim) -> None:
    said = claim.delivery.error_detail
    detail = f"{UNSURE}（{said}）" if said and UNSURE not in said else said or UNSURE
    claim.wait_for_person("outcome_unknown", detail, action=LOOK)


def _say(claim: Claim, channel: Messenger) -> None:
    """That it is sent is committed right before the call, as with a submission."""
    delivery, now = claim.delivery, database_now()
    earlier = {name: getattr(delivery, name) for name in ("submit_started_at", "quiet_until")}
    try:
        call(
            claim,
            StepName.SUBMIT,
            lambda: channel.send(delivery.frozen_post),
            sent={"submit_started_at": now, "quiet_until": now + timings.span("QUIET")},
            keep=lambda _: {"state": State.PUBLISHED, **claim.published_values(OUT)},
            note=lambda _: "群里收到了",
        )
    except ChannelUncertain:
        raise
    except ChannelError:
        claim.write(**earlier)  # the platform has said that it did not take it
        raise
    outcomes.note_healthy(claim)
    claim.release(State.PUBLISHED)
