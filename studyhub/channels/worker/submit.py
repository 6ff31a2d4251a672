"""The step that cannot be taken back, and what to do when nobody knows whether it was taken."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from studyhub.channels import registry, timings
from studyhub.channels.errors import ChannelError, ChannelUncertain, DraftMissing
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.models.deliveries import FRESH_START
from studyhub.channels.ports import Listing, Publisher, StepName, Submission
from studyhub.channels.worker.attempts import call
from studyhub.channels.worker.lease import Claim
from studyhub.channels.worker.overtaken import set_aside_if_overtaken
from studyhub.channels.worker.poll import review_is_over
from studyhub.channels.worker.traces import find_trace, list_trace, settled_by_trace
from studyhub.core.clock import database_now

State = Delivery.State

NOWHERE = "草稿箱里没有这篇草稿，已发布的文章里也没有找到。"
NOT_LISTED = "不知道平台有没有收下这次提交，已发布的文章里还没有找到。"
CHECK_CONSOLE = (
    "请到平台后台看一眼：已经发布就点“已在后台确认发布”并贴上链接；没有发布，过一天再点“重试”。"
    "系统也会继续核对。"
)
PRESSED = "retry"  # the step that a person's button leaves in the list


def submit(claim: Claim, channel: Publisher) -> None:
    """First submission of a draft that lies in the box."""
    if not _draft_is_there(claim, channel):
        _settle_without_draft(claim, channel)
    elif not settled_by_trace(claim, find_trace(claim, channel)):
        _submit_in_turn(claim, channel)


def _submit_in_turn(claim: Claim, channel: Publisher) -> None:
    try:
        submit_in_turn(claim, lambda: channel.submit(claim.delivery.draft_id))
    except DraftMissing:
        _settle_without_draft(claim, channel)  # a person was quicker, in the console


def submit_in_turn(claim: Claim, ask: Callable[[], Submission]) -> None:
    """Ask the platform, once, when no other delivery of the account is being submitted."""
    if is_our_turn(claim):
        _submit_now(claim, ask)
    elif claim.held:
        claim.rest_for(timings.span("TURN_WAIT"))


def _draft_is_there(claim: Claim, channel: Publisher) -> bool:
    try:
        channel.read_draft(claim.delivery.draft_id)
    except DraftMissing:
        return False
    return True


def _settle_without_draft(claim: Claim, channel: Publisher) -> None:
    """We never submitted it: somebody published or deleted the draft in the console."""
    if not settled_by_trace(claim, find_trace(claim, channel)):
        since = {"submit_started_at": claim.now}
        claim.wait_for_person("draft_gone", NOWHERE, action=CHECK_CONSOLE, **since)


def is_our_turn(claim: Claim) -> bool:
    """One submission per account at a time; the account's row is the lock."""
    delivery = claim.delivery
    with transaction.atomic():
        ChannelAccount.objects.select_for_update().get(pk=delivery.account_id)
        others = Delivery.objects.filter(
            account_id=delivery.account_id, state=State.SUBMITTING, lease_until__gt=Now()
        ).exclude(pk=delivery.pk)
        if others.exists() or set_aside_if_overtaken(claim):
            return False
        claim.write(state=State.SUBMITTING)
        return True


def _submit_now(claim: Claim, ask: Callable[[], Submission]) -> None:
    """That it is sent is committed right before the call: from then on it may be out.

    A worker that dies before has sent nothing, and the next one just goes on.
    """
    delivery = claim.delivery
    now = database_now()
    sent = {"submit_started_at": now, "quiet_until": _quiet_until(delivery, now), "polls": 0}
    earlier = {name: getattr(delivery, name) for name in ("submit_started_at", "quiet_until")}
    try:
        call(
            claim,
            StepName.SUBMIT,
            ask,
            before={"state": State.SUBMITTING},
            sent=sent,
            keep=claim.accepted_values,
            note=lambda answer: f"平台已受理，编号 {answer.submission_id}",
        )
    except ChannelUncertain:
        raise
    except DraftMissing:
        raise
    except ChannelError:
        claim.write(**earlier)  # the platform has said that it did not take it
        raise
    else:
        claim.mark_in_review()


def _quiet_until(delivery: Delivery, now: datetime) -> datetime:
    """A platform on which twice is the same as once needs no time to make up its mind."""
    submit_step = registry.steps_of(delivery.account.kind)[StepName.SUBMIT]
    return now if submit_step.repeatable else now + timings.span("QUIET")


def reconcile(claim: Claim, channel: Publisher) -> None:
    """Look what became of it; the draft that lies in the box may be submitted again."""
    look_for_outcome(claim, channel, lambda: _begin_again(claim, channel))


def look_for_outcome(claim: Claim, channel: Listing, begin_again: Callable[[], None]) -> None:
    """Look what became of a submission whose answer was lost.

    Listed among the published: done. Until the quiet period is over it is only looked for; then a
    person is asked, and it is looked for on. A machine submits nothing again by itself, except
    where twice is the same as once.
    """
    claim.write(state=State.OUTCOME_UNKNOWN)
    delivery = claim.delivery
    if settled_by_trace(claim, list_trace(claim, channel)):
        return
    if delivery.quiet_until and claim.now < delivery.quiet_until:
        claim.poll_later(no_later_than=delivery.quiet_until - claim.now)
    elif _may_begin_again(claim):
        begin_again()
    else:
        _ask_person(claim)


def _may_begin_again(claim: Claim) -> bool:
    """A person has looked and pressed the button, and no review lasts as long as this."""
    repeatable = registry.steps_of(claim.delivery.account.kind)[StepName.SUBMIT].repeatable
    return repeatable or (was_pressed(claim.delivery) and review_is_over(claim))


def was_pressed(delivery: Delivery) -> bool:
    """Whether a person has pressed the button since it was sent."""
    last = delivery.steps.filter(step__in=(StepName.SUBMIT, PRESSED)).last()
    return last is not None and last.step == PRESSED


def _begin_again(claim: Claim, channel: Publisher) -> None:
    """With the draft that lies in the box, or without one from the beginning."""
    if _draft_is_there(claim, channel):
        _submit_in_turn(claim, channel)
    else:
        begin_anew(claim)


def begin_anew(claim: Claim) -> None:
    """Nothing that was made for it is used again."""
    fresh = {name: value for name, value in FRESH_START.items() if name != "state"}
    claim.release(State.QUEUED, **fresh)


def _ask_person(claim: Claim) -> None:
    said = claim.delivery.error_detail
    detail = f"{NOT_LISTED}（{said}）" if said and NOT_LISTED not in said else NOT_LISTED
    claim.wait_for_person("outcome_unknown", detail, action=CHECK_CONSOLE)
