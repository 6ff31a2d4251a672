"""The step that cannot be taken back, and what to do when nobody knows whether it was taken."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from studyhub.channels import registry, timings
from studyhub.channels.clock import database_now
from studyhub.channels.errors import ChannelError, ChannelUncertain, DraftMissing
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.ports import Publisher, StepName
from studyhub.channels.worker.attempts import call
from studyhub.channels.worker.lease import Claim

State = Delivery.State

NOWHERE = "草稿箱里没有这篇草稿，已发布的文章里也没有找到。"
CHECK_CONSOLE = (
    "请到平台后台看一眼：已经发布就点“已在后台确认发布”并贴上链接；确实没有发布就点“重试”。"
)


def submit(claim: Claim, channel: Publisher) -> None:
    """First submission of a draft that lies in the box."""
    if not _draft_is_there(claim, channel):
        _settle_without_draft(claim, channel)
    elif _is_our_turn(claim):
        _submit_now(claim, channel)
    else:
        claim.rest_for(timings.span("TURN_WAIT"))


def _draft_is_there(claim: Claim, channel: Publisher) -> bool:
    try:
        channel.read_draft(claim.delivery.draft_id)
    except DraftMissing:
        return False
    return True


def _settle_without_draft(claim: Claim, channel: Publisher) -> None:
    """We never submitted it: somebody published or deleted the draft in the console."""
    if found := channel.find_published(claim.delivery.marker):
        claim.mark_published(found)
        return
    claim.wait_for_person("draft_gone", NOWHERE, action=CHECK_CONSOLE, submit_started_at=claim.now)


def _is_our_turn(claim: Claim) -> bool:
    """One submission per account at a time; the account's row is the lock."""
    delivery = claim.delivery
    with transaction.atomic():
        ChannelAccount.objects.select_for_update().get(pk=delivery.account_id)
        others = Delivery.objects.filter(
            account_id=delivery.account_id, state=State.SUBMITTING, lease_until__gt=Now()
        ).exclude(pk=delivery.pk)
        if others.exists():
            return False
        claim.write(state=State.SUBMITTING)
        return True


def _submit_now(claim: Claim, channel: Publisher) -> None:
    """``submitting`` is committed before the call: from then on only reconciliation may repeat."""
    delivery = claim.delivery
    before = {
        "state": State.SUBMITTING,
        "submit_started_at": (now := database_now()),
        "quiet_until": _quiet_until(delivery, now),
        "polls": 0,
    }
    earlier = {name: getattr(delivery, name) for name in ("submit_started_at", "quiet_until")}
    try:
        call(
            claim,
            StepName.SUBMIT,
            lambda: channel.submit(delivery.draft_id),
            before=before,
            keep=claim.accepted_values,
            note=lambda answer: f"平台已受理，编号 {answer.submission_id}",
        )
    except ChannelUncertain:
        raise
    except ChannelError:
        claim.write(**earlier)  # the platform has said that it did not take it
        raise
    claim.mark_in_review()


def _quiet_until(delivery: Delivery, now: datetime) -> datetime:
    """A platform on which twice is the same as once needs no time to make up its mind."""
    submit_step = registry.steps_of(delivery.account.kind)[StepName.SUBMIT]
    return now if submit_step.repeatable else now + timings.span("QUIET")


def reconcile(claim: Claim, channel: Publisher) -> None:
    """Look what became of a submission whose answer was lost.

    Listed among the published: done. Otherwise wait until the quiet period is over; then the same
    draft may be submitted again if it still lies in the box. If it does not, a person looks.
    """
    delivery = claim.delivery
    found = call(
        claim,
        StepName.RECONCILE,
        lambda: channel.find_published(delivery.marker),
        before={"state": State.OUTCOME_UNKNOWN},
        keep=lambda found: (
            {"state": State.PUBLISHED, **claim.published_values(found)} if found else {}
        ),
        note=lambda answer: "平台上已有这篇文章" if answer else "平台上还没有这篇文章",
    )
    if found:
        claim.mark_published(found)
    elif delivery.quiet_until and claim.now < delivery.quiet_until:
        claim.poll_later(no_later_than=delivery.quiet_until - claim.now)
    elif not _draft_is_there(claim, channel):
        claim.wait_for_person("outcome_unknown", NOWHERE, action=CHECK_CONSOLE)
    elif _is_our_turn(claim):
        _submit_now(claim, channel)
    else:
        claim.release(State.OUTCOME_UNKNOWN, not_before=claim.now + timings.span("TURN_WAIT"))
