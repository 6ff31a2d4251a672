"""What an error means for the delivery, the account and the next try."""

import logging

from django.db import transaction
from django.utils import timezone

from studyhub.channels import accounts, timings
from studyhub.channels.errors import (
    AccountStopped,
    ChannelError,
    ChannelRefused,
    ChannelUnavailable,
    ChannelUncertain,
    CredentialsRefused,
    PersonNeeded,
    QuotaUsedUp,
)
from studyhub.channels.models import ChannelAccount, Delivery, DeliveryAttempt
from studyhub.channels.worker import backoff, breaker
from studyhub.channels.worker.lease import Claim, explained
from studyhub.channels.worker.poll import review_is_over
from studyhub.channels.worker.submit import CHECK_CONSOLE

log = logging.getLogger(__name__)
State = Delivery.State
Health = ChannelAccount.Health


def settle(claim: Claim, error: ChannelError) -> None:
    """Write down how it stands after an answer other than success."""
    error = _seen_in_a_row(claim, error)
    if _is_watched(claim):
        _watch_on(claim, error)
    elif isinstance(error, QuotaUsedUp):
        _defer(claim, error)
    elif isinstance(error, AccountStopped):
        _pause_account(claim, error)
    elif claim.delivery.wish:
        _settle_wish(claim, error)
    elif isinstance(error, PersonNeeded):
        claim.wait_for_person(error.code, error.detail, action=error.action)
    elif claim.delivery.may_be_out:
        _ask_again(claim, error)
    elif isinstance(error, ChannelRefused):
        claim.mark_error(State.REJECTED, error)
    else:
        _try_again(claim, error)


def _seen_in_a_row(claim: Claim, error: ChannelError) -> ChannelError:
    """The error, or what it means when it comes again and again."""
    if not isinstance(error, ChannelUnavailable | ChannelUncertain):
        return error
    beyond = breaker.note_outage(claim.delivery.account_id)
    if isinstance(error, CredentialsRefused) and beyond >= 0:
        words = {"code": error.code, "action": error.action, "request_ref": error.request_ref}
        return AccountStopped(error.detail, **words)
    return error


def _is_watched(claim: Claim) -> bool:
    return claim.delivery.state in Delivery.RESTING and not claim.delivery.wish


def _watch_on(claim: Claim, error: ChannelError) -> None:
    """A look in vain: the words that tell the person what to do stay."""
    if isinstance(error, AccountStopped):
        _stop_account(claim.delivery.account, error)
    if claim.delivery.state == State.PUBLISHED:
        claim.look_later()
    else:
        claim.watch_later()


def _ask_again(claim: Claim, error: ChannelError) -> None:
    """Whatever a question was answered with, what may be out is neither refused nor failed."""
    if review_is_over(claim):
        claim.wait_for_person(error.code, error.detail, action=CHECK_CONSOLE)
    else:
        claim.poll_later(error=error)


def _tries_without_this(claim: Claim) -> int:
    """Waiting for a quota or an account is not a try."""
    return max(claim.delivery.attempts - int(claim.tried), 0)


def _defer(claim: Claim, error: QuotaUsedUp) -> None:
    state = claim.standing
    if state in (State.QUEUED, State.PREPARING):
        state = State.DEFERRED
    opens = backoff.quota_opens(error, claim.now)
    claim.mark_error(state, error, not_before=opens, attempts=_tries_without_this(claim))


def _pause_account(claim: Claim, error: AccountStopped) -> None:
    """Everything of the account stops at once, so that no other delivery burns its tries."""
    account = claim.delivery.account
    state = State(claim.delivery.state) if claim.delivery.wish else State.NEEDS_AUTH
    with transaction.atomic():
        _stop_account(account, error)
        claim.mark_error(state, error, attempts=_tries_without_this(claim))


def _stop_account(account: ChannelAccount, error: AccountStopped) -> None:
    stopped = ChannelAccount.objects.filter(pk=account.pk)
    accounts.pause(stopped, reason=error.detail, needs=error.action)
    log.error("channel account %s paused: %s", account.key, error.code)


def _settle_wish(claim: Claim, error: ChannelError) -> None:
    """A withdrawal that cannot be done is given back to a person; the article is still there."""
    if isinstance(error, ChannelRefused | PersonNeeded):
        claim.mark_error(claim.standing, error, wish=Delivery.Wish.NONE)
    else:
        claim.poll_later(error=error)


def _try_again(claim: Claim, error: ChannelError) -> None:
    delivery = claim.delivery
    claim.write(**claim.count_try())  # a question that is not listed was tried, too
    if delivery.attempts >= timings.count("RETRIES"):
        reason = explained(error)
        tried = f"试了 {delivery.attempts} 次都没有成功：{error.detail}"
        reason |= {"error_detail": tried[:500]}
        reason |= {"error_action": reason["error_action"] or "平台恢复后点“重试”。"}
        claim.release(State.FAILED, **reason)
        return
    state = State.PREPARING if isinstance(error, ChannelUncertain) else delivery.resting_state
    wait = backoff.retry_delay(delivery.attempts)
    claim.mark_error(state, error, not_before=claim.now + wait)


def settle_broken(claim: Claim, error: Exception) -> None:
    """Our own fault: three tries, then it waits for us, with the reason in the log."""
    log.exception("delivery %s broke", claim.delivery.pk, exc_info=error)
    delivery = claim.delivery
    delivery.steps.filter(fence=claim.fence, finished_at=None).update(
        outcome=DeliveryAttempt.Outcome.BROKEN,
        note=type(error).__name__,
        finished_at=timezone.now(),
    )
    crashes = delivery.crashes + 1
    if crashes >= timings.count("CRASHES"):
        put_aside(claim)
    else:
        claim.rest_for(backoff.crash_delay(crashes), crashes=crashes)


def put_aside(claim: Claim) -> None:
    """It has brought down several workers. What may be out already is for a person to look at."""
    delivery = claim.delivery
    stays = delivery.may_be_out or delivery.state == State.WAITING_HUMAN
    state = State.WAITING_HUMAN if stays else State.FAILED
    kept = delivery.wish or delivery.state == State.PUBLISHED
    claim.release(
        State(delivery.state) if kept else state,
        wish=Delivery.Wish.NONE,
        error_code="put_aside",
        error_detail="处理这次发布的程序连续出错，已经放到一边。",
        error_action="请把这一条告诉技术人员；弄清楚之后点“重试”。",
    )
    log.error("delivery %s put aside", delivery.pk)


def note_healthy(claim: Claim) -> None:
    """The first success of an account shows that its settings are right."""
    untried = ChannelAccount.objects.filter(pk=claim.delivery.account_id, health=Health.UNTRIED)
    untried.update(health=Health.OK)
