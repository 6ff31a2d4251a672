"""The step that cannot be taken back, and what to do when nobody knows whether it was taken."""

from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from studyhub.channels import pace
from studyhub.channels.calling import call
from studyhub.channels.claiming import Claim, database_now
from studyhub.channels.errors import ChannelError, ChannelUncertain, DraftMissing
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.ports import Published, Publisher, Submission

State = Delivery.State

LOOK_YOURSELF = "草稿箱里没有这篇草稿，已发布的文章里也没有找到。"
LOOK_ACTION = (
    "请到公众号后台看一眼：已经发布就点“已在后台确认发布”并贴上链接；确实没有发布就点“重试”。"
)


def submit(claim: Claim, channel: Publisher) -> None:
    """First submission of a draft that lies in the box."""
    if not _draft_is_there(claim, channel):
        _settle_without_draft(claim, channel)
        return
    if not _is_our_turn(claim):
        wait = claim.now + pace.span("TURN_WAIT")
        claim.release(claim.delivery.resting_state, not_before=wait)
        return
    _submit_now(claim, channel)


def _draft_is_there(claim: Claim, channel: Publisher) -> bool:
    try:
        channel.read_draft(claim.delivery.media_id)
    except DraftMissing:
        return False
    return True


def _settle_without_draft(claim: Claim, channel: Publisher) -> None:
    """We never submitted it: somebody published or deleted the draft in the console."""
    found = channel.find_published(claim.delivery.marker)
    if found:
        record_published(claim, found)
        return
    claim.release(
        State.WAITING_HUMAN,
        submit_started_at=claim.now,
        error_code="draft_gone",
        error_detail=LOOK_YOURSELF,
        error_action=LOOK_ACTION,
    )


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
        "quiet_until": now + pace.span("QUIET"),
        "looks": 0,
    }
    earlier = {name: getattr(delivery, name) for name in ("submit_started_at", "quiet_until")}
    try:
        call(
            claim,
            "submit",
            lambda: channel.submit(delivery.media_id),
            before=before,
            keep=_accepted,
            note=lambda answer: f"平台已受理，编号 {answer.publish_id}",
        )
    except ChannelUncertain:
        raise
    except ChannelError:
        claim.write(**earlier)  # the platform has said that it did not take it
        raise
    claim.release(State.IN_REVIEW, not_before=claim.now + pace.look_delay(0), looks=0)


def _accepted(answer: Submission) -> dict[str, object]:
    return {
        "publish_id": answer.publish_id,
        "msg_data_id": answer.msg_data_id,
        "submitted_at": database_now(),
        "state": State.IN_REVIEW,
    }


def reconcile(claim: Claim, channel: Publisher) -> None:
    """Look what became of a submission whose answer was lost.

    Listed among the published: done. Otherwise wait until the quiet period is over; then the same
    draft may be submitted again if it still lies in the box. If it does not, a person looks.
    """
    delivery = claim.delivery
    found = call(
        claim,
        "reconcile",
        lambda: channel.find_published(delivery.marker),
        before={"state": State.OUTCOME_UNKNOWN},
        keep=lambda found: {"state": State.PUBLISHED, **_published_values(found)} if found else {},
        note=lambda answer: "平台上已有这篇文章" if answer else "平台上还没有这篇文章",
    )
    if found:
        record_published(claim, found)
    elif delivery.quiet_until and claim.now < delivery.quiet_until:
        look_later(claim, no_later_than=delivery.quiet_until - claim.now)
    elif _draft_is_there(claim, channel):
        _resubmit(claim, channel)
    else:
        claim.release(
            State.WAITING_HUMAN,
            error_code="outcome_unknown",
            error_detail=LOOK_YOURSELF,
            error_action=LOOK_ACTION,
        )


def _resubmit(claim: Claim, channel: Publisher) -> None:
    if _is_our_turn(claim):
        _submit_now(claim, channel)
    else:
        claim.release(State.OUTCOME_UNKNOWN, not_before=claim.now + pace.span("TURN_WAIT"))


def look_later(claim: Claim, *, no_later_than: timedelta | None = None) -> None:
    delivery = claim.delivery
    wait = pace.look_delay(delivery.looks)
    if no_later_than is not None:
        wait = min(wait, no_later_than + timedelta(milliseconds=10))
    claim.release(delivery.resting_state, not_before=claim.now + wait, looks=delivery.looks + 1)


def record_published(claim: Claim, found: Published) -> None:
    claim.release(State.PUBLISHED, **_published_values(found))


def _published_values(found: Published) -> dict[str, object]:
    return {
        "article_id": found.article_id,
        "url": found.url,
        "published_at": database_now(),
        "not_before": None,
        "error_code": "",
        "error_detail": "",
        "error_action": "",
    }
