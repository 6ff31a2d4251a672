"""One call to a platform: written down before, closed after, with a place to die at each seam."""

from collections.abc import Callable
from typing import Any, TypeVar

from studyhub.channels.errors import (
    AccountStopped,
    ChannelError,
    ChannelRefused,
    ChannelUncertain,
    PersonNeeded,
    QuotaUsedUp,
)
from studyhub.channels.models import DeliveryAttempt
from studyhub.channels.ports import StepName
from studyhub.channels.worker import breaker
from studyhub.channels.worker.crashpoints import reach
from studyhub.channels.worker.lease import Claim

Answer = TypeVar("Answer")
Outcome = DeliveryAttempt.Outcome
OUTCOMES: tuple[tuple[type[ChannelError], Outcome], ...] = (
    (ChannelRefused, Outcome.REFUSED),
    (ChannelUncertain, Outcome.UNCERTAIN),
    (QuotaUsedUp, Outcome.QUOTA),
    (AccountStopped, Outcome.ACCOUNT),
    (PersonNeeded, Outcome.PERSON),
    (ChannelError, Outcome.UNAVAILABLE),
)


def call(
    claim: Claim,
    step: StepName,
    ask: Callable[[], Answer],
    *,
    before: dict[str, Any] | None = None,
    sent: dict[str, Any] | None = None,
    keep: Callable[[Answer], dict[str, Any]] = lambda answer: {},
    note: Callable[[Answer], str] = lambda answer: "",
) -> Answer:
    """Make one call and return its answer; no transaction is open while ``ask`` runs.

    ``before`` is committed when the step begins, ``sent`` in the last moment before ``ask`` runs
    and only if the lease still holds then, what ``keep`` makes of the answer after it. Raises what
    ``ask`` raises, and ClaimLost when the delivery is no longer ours.
    """
    attempt = claim.open(step, **(before or {}))
    reach(f"{step}_opened")
    claim.confirm(**(sent or {}))
    try:
        answer = ask()
    except ChannelError as error:
        note_failure(attempt, error)
        raise
    breaker.note_answer(claim.delivery.account_id)
    reach(f"{step}_answered")
    claim.finish(attempt, note(answer), **keep(answer))
    reach(f"{step}_saved")
    return answer


def outcome_of(error: ChannelError) -> "DeliveryAttempt.Outcome":
    """How an attempt that ended in this error is listed."""
    return next(outcome for kind, outcome in OUTCOMES if isinstance(error, kind))


def note_failure(attempt: DeliveryAttempt, error: ChannelError) -> None:
    """Close an attempt with the platform's words and its number of the request."""
    attempt.close(
        outcome_of(error), error.detail, errcode=error.code, request_ref=error.request_ref
    )
