"""What becomes of a submission: ask the platform, and only move forward."""

from studyhub.channels import timings
from studyhub.channels.models import Delivery
from studyhub.channels.ports import Listing, StepName, SubmissionStatus, Verdict
from studyhub.channels.worker.attempts import call
from studyhub.channels.worker.lease import Claim

State = Delivery.State

ENDS = {
    Verdict.REFUSED: State.REJECTED,
    Verdict.FAILED: State.FAILED,
    Verdict.REMOVED: State.REMOVED,
}


def poll(claim: Claim, channel: Listing) -> None:
    """Ask the platform once; wait longer each time, and after a day let a person look."""
    status = call(
        claim,
        StepName.POLL,
        lambda: channel.poll(claim.delivery.submission_id),
        note=lambda answer: answer.reason or "平台还在处理",
    )
    if status.published:
        claim.mark_published(status.published)
    elif status.verdict in ENDS:
        record_end(claim, status)
    elif review_is_over(claim):
        claim.wait_for_person(
            "review_too_long",
            "平台一天之内没有给出结果。",
            action="请到平台后台查看这篇文章；已发布就点“已在后台确认发布”并贴上链接。系统也会继续核对。",
        )
    else:
        claim.poll_later()


def record_end(claim: Claim, status: SubmissionStatus) -> None:
    """The platform's own word on this article ends it."""
    claim.release(
        ENDS[status.verdict],
        error_code=f"platform_{status.verdict}",
        error_detail=status.reason,
        error_action=status.action,
    )


def review_is_over(claim: Claim) -> bool:
    """Whether it was submitted longer ago than the longest review takes."""
    since = claim.delivery.submitted_at or claim.delivery.submit_started_at
    return since is not None and claim.now - since > timings.span("POLL_FOR_AT_MOST")
