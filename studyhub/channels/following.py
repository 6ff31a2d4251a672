"""What becomes of a submission, and of what is published: ask, and only move forward."""

from studyhub.channels import pace
from studyhub.channels.calling import call
from studyhub.channels.claiming import Claim
from studyhub.channels.models import Delivery
from studyhub.channels.ports import Progress, Publisher, Verdict
from studyhub.channels.submitting import look_later, record_published

State = Delivery.State

ENDS = {
    Verdict.REFUSED: State.REJECTED,
    Verdict.FAILED: State.FAILED,
    Verdict.REMOVED: State.REMOVED,
}


def follow(claim: Claim, channel: Publisher) -> None:
    """Ask the platform once; wait longer each time, and after a day let a person look."""
    delivery = claim.delivery
    progress = call(
        claim,
        "follow",
        lambda: channel.follow(delivery.publish_id),
        note=lambda answer: answer.reason or "平台还在处理",
    )
    if progress.published:
        record_published(claim, progress.published)
    elif progress.verdict in ENDS:
        _record_end(claim, progress)
    elif _too_long(claim):
        claim.release(
            State.WAITING_HUMAN,
            error_code="review_too_long",
            error_detail="平台一天之内没有给出结果。",
            error_action="请到公众号后台查看这篇文章；已发布就点“已在后台确认发布”并贴上链接。",
        )
    else:
        look_later(claim)


def _record_end(claim: Claim, progress: Progress) -> None:
    claim.release(
        ENDS[progress.verdict],
        not_before=None,
        error_code=f"platform_{progress.verdict}",
        error_detail=progress.reason,
        error_action=progress.action,
    )


def _too_long(claim: Claim) -> bool:
    since = claim.delivery.submitted_at
    return since is not None and claim.now - since > pace.span("LOOK_FOR_AT_MOST")


def withdraw(claim: Claim, channel: Publisher) -> None:
    """Take a published article back."""
    delivery = claim.delivery
    call(
        claim,
        "withdraw",
        lambda: channel.withdraw(delivery.article_id),
        keep=lambda _: {"state": State.REMOVED, "wish": Delivery.Wish.NONE},
    )
    claim.release(State.REMOVED, not_before=None)


def discard(claim: Claim, channel: Publisher) -> None:
    """Take the draft of a cancelled delivery out of the box."""
    delivery = claim.delivery
    call(
        claim,
        "discard",
        lambda: channel.delete_draft(delivery.media_id),
        keep=lambda _: {"wish": Delivery.Wish.NONE},
    )
    claim.release(Delivery.State(delivery.state), not_before=None)
