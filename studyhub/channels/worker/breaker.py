"""An outage of a platform: its account is left alone for a while, then all goes on."""

import logging

from django.db.models import F, Q
from django.utils import timezone

from studyhub.channels import timings
from studyhub.channels.models import ChannelAccount, Delivery
from studyhub.channels.worker import backoff
from studyhub.core.clock import database_now

log = logging.getLogger(__name__)
State = Delivery.State


def note_outage(account_id: int) -> int:
    """One more failure in a row; returns how many there are beyond what counts as chance, or -1.

    From then on nobody calls for this account until later.
    """
    account = ChannelAccount.objects.filter(pk=account_id)
    account.update(outages=F("outages") + 1)
    failures = account.values_list("outages", flat=True).get()
    beyond = failures - timings.count("BREAK_AFTER")
    if beyond >= 0:
        account.update(rests_until=database_now() + backoff.break_delay(beyond))
        log.warning("channel account %s rests after %s failures", account_id, failures)
    return max(beyond, -1)


def note_answer(account_id: int) -> None:
    """The platform has answered: what was put off by the outage is due again."""
    account = ChannelAccount.objects.filter(pk=account_id, outages__gt=0)
    rested = account.filter(rests_until__isnull=False)
    if rested.update(outages=0, rests_until=None):
        _bring_forward(account_id)
        log.info("channel account %s is reached again", account_id)
    account.update(outages=0)


def _bring_forward(account_id: int) -> None:
    now = timezone.now()
    put_off = Delivery.objects.filter(
        Q(publish_at=None) | Q(publish_at__lte=now),
        account_id=account_id,
        state__in=(State.QUEUED, State.PREPARING),
        lease_until=None,
    )
    put_off.update(not_before=None)
