"""What waits for a person looks again by itself: the person may have acted at the platform."""

from studyhub.channels.ports import Publisher
from studyhub.channels.worker.lease import Claim
from studyhub.channels.worker.poll import ENDS, record_end
from studyhub.channels.worker.traces import find_trace


def watch(claim: Claim, channel: Publisher) -> None:
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
