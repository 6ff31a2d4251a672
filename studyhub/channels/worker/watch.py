"""What has come to rest is looked at again: people act at the platform without telling us."""

from studyhub.channels.ports import Listing, StepName, SubmissionStatus, Verdict
from studyhub.channels.worker.attempts import call
from studyhub.channels.worker.lease import Claim
from studyhub.channels.worker.poll import ENDS, record_end
from studyhub.channels.worker.traces import find_trace
from studyhub.channels.worker.wishes import discard_copies


def watch(claim: Claim, channel: Listing) -> None:
    """Published meanwhile, or ended by the platform; otherwise it waits on, with the same words."""
    trace = find_trace(claim, channel)
    number = claim.delivery.submission_id
    status = trace or (channel.poll(number) if number else None)
    if status and status.published:
        claim.mark_published(status.published)
    elif status and status.verdict in ENDS:
        record_end(claim, status)
    else:
        claim.watch_later()


def watch_published(claim: Claim, channel: Listing) -> None:
    """Whether what is out still is. Only a removal that the platform names ends it."""
    status = call(
        claim,
        StepName.POLL,
        lambda: _standing_of(claim, channel),
        note=lambda answer: answer.reason or "文章还在",
    )
    if status.verdict == Verdict.REMOVED:
        record_end(claim, status)
    else:
        discard_copies(claim, channel)
        claim.look_later()


def _standing_of(claim: Claim, channel: Listing) -> SubmissionStatus:
    """By the number of the submission, which also tells of a ban; else by the article itself."""
    delivery = claim.delivery
    if delivery.submission_id:
        return channel.poll(delivery.submission_id)
    if delivery.article_id:
        return channel.article_status(delivery.article_id)
    return find_trace(claim, channel) or SubmissionStatus(Verdict.PUBLISHED, reason="没有列出来")
