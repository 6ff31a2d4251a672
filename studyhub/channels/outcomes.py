"""What a platform's answer means for the delivery, the account and the next try."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from studyhub.channels import pace
from studyhub.channels.claiming import Claim, Outcome
from studyhub.channels.errors import (
    AccountStopped,
    ChannelError,
    ChannelRefused,
    ChannelUncertain,
    PersonNeeded,
    QuotaUsedUp,
)
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.submitting import look_later

log = logging.getLogger(__name__)
State = Delivery.State
Health = ChannelAccount.Health


def settle(claim: Claim, error: ChannelError) -> None:
    """Write down how it stands after an answer other than success."""
    if isinstance(error, QuotaUsedUp):
        _defer(claim, error)
    elif isinstance(error, AccountStopped):
        _pause_account(claim, error)
    elif claim.delivery.wish:
        _settle_wish(claim, error)
    elif isinstance(error, PersonNeeded):
        claim.release(State.WAITING_HUMAN, not_before=None, **_explained(error))
    elif isinstance(error, ChannelRefused):
        claim.release(State.REJECTED, not_before=None, **_explained(error))
    else:
        _try_again(claim, error)


def _explained(error: ChannelError) -> dict[str, str]:
    return {
        "error_code": error.code[:40],
        "error_detail": error.detail[:500],
        "error_action": error.action[:300],
    }


def _standing(claim: Claim) -> "Delivery.State":
    delivery = claim.delivery
    return State(delivery.state) if delivery.wish else delivery.resting_state


def _defer(claim: Claim, error: QuotaUsedUp) -> None:
    """Waiting for a quota is not a try."""
    opens = pace.quota_opens(error, claim.now)
    state = _standing(claim)
    if state in (State.QUEUED, State.PREPARING):
        state = State.DEFERRED
    attempts = max(claim.delivery.attempts - 1, 0)
    claim.release(state, not_before=opens, attempts=attempts, **_explained(error))


def _pause_account(claim: Claim, error: AccountStopped) -> None:
    """Everything of the account stops at once, so that no other delivery burns its tries."""
    account = claim.delivery.account
    with transaction.atomic():
        ChannelAccount.objects.filter(pk=account.pk).update(
            health=Health.PAUSED,
            paused_reason=error.detail[:300],
            needs=error.action[:300],
            updated_at=timezone.now(),
        )
        state = State(claim.delivery.state) if claim.delivery.wish else State.NEEDS_AUTH
        attempts = max(claim.delivery.attempts - 1, 0)
        claim.release(state, not_before=None, attempts=attempts, **_explained(error))
    log.error("channel account %s paused: %s", account.key, error.code)


def _settle_wish(claim: Claim, error: ChannelError) -> None:
    """A withdrawal that cannot be done is given back to a person; the article is still there."""
    delivery = claim.delivery
    state = State(delivery.state)
    if isinstance(error, ChannelRefused | PersonNeeded):
        claim.release(state, wish=Delivery.Wish.NONE, not_before=None, **_explained(error))
        return
    wait = pace.look_delay(delivery.looks)
    claim.release(state, not_before=claim.now + wait, looks=delivery.looks + 1)


def _try_again(claim: Claim, error: ChannelError) -> None:
    delivery = claim.delivery
    if delivery.publish_id or delivery.submit_started_at:
        Delivery.objects.filter(pk=delivery.pk, fence=claim.fence).update(**_explained(error))
        look_later(claim)
    elif delivery.attempts >= pace.count("RETRIES"):
        action = error.action or "平台恢复后点“重试”。"
        tried = f"试了 {delivery.attempts} 次都没有成功：{error.detail}"[:500]
        values = {**_explained(error), "error_detail": tried, "error_action": action[:300]}
        claim.release(State.FAILED, not_before=None, **values)
    else:
        wait = pace.retry_delay(delivery.attempts)
        uncertain = isinstance(error, ChannelUncertain)
        state = State.PREPARING if uncertain else delivery.resting_state
        claim.release(state, not_before=claim.now + wait, **_explained(error))


def settle_broken(claim: Claim, error: Exception) -> None:
    """Our own fault: three tries, then it waits for us, with the reason in the log."""
    log.exception("delivery %s broke", claim.delivery.pk, exc_info=error)
    delivery = claim.delivery
    delivery.steps.filter(fence=claim.fence, finished_at=None).update(
        outcome=Outcome.BROKEN, note=type(error).__name__, finished_at=timezone.now()
    )
    crashes = delivery.crashes + 1
    if crashes >= pace.count("CRASHES"):
        put_aside(claim)
        return
    wait = claim.now + timedelta(seconds=pace.seconds("RETRY_FIRST") * crashes)
    state = _standing(claim)
    claim.release(state, not_before=wait)
    Delivery.objects.filter(pk=delivery.pk, fence=claim.fence).update(crashes=crashes)


def put_aside(claim: Claim) -> None:
    """It has brought down several workers. What may be out already is for a person to look at."""
    delivery = claim.delivery
    maybe_out = bool(delivery.submit_started_at or delivery.publish_id)
    values = {
        "wish": Delivery.Wish.NONE,
        "not_before": None,
        "error_code": "put_aside",
        "error_detail": "处理这次发布的程序连续出错，已经放到一边。",
        "error_action": "请把这一条告诉技术人员；弄清楚之后点“重试”。",
    }
    if delivery.wish:
        claim.release(State(delivery.state), **values)
    else:
        claim.release(State.WAITING_HUMAN if maybe_out else State.FAILED, **values)
    log.error("delivery %s put aside", delivery.pk)


def note_healthy(claim: Claim) -> None:
    untried = ChannelAccount.objects.filter(pk=claim.delivery.account_id, health=Health.UNTRIED)
    untried.update(health=Health.OK)
