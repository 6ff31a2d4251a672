"""Figures of what is out: asked for once a day, kept by article and day, of nobody.

Missing figures are no failure of a delivery and stop no account: what stood in the way is noted and
the next hour asks again.
"""

from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from studyhub.channels import connections, registry
from studyhub.channels.errors import ChannelError
from studyhub.channels.models import ChannelAccount, Delivery, DeliveryCount
from studyhub.channels.ports import Capability, Counting
from studyhub.core.clock import beijing_day, today

DAYS = 30  # the platform counts on for so long after an article is out


def accounts_to_count() -> list[ChannelAccount]:
    """Those whose figures of today are not in yet, and that may ask for them."""
    waiting = Q(counted_on=None) | Q(counted_on__lt=today())
    rows = ChannelAccount.objects.filter(waiting).exclude(health=ChannelAccount.Health.PAUSED)
    return [row for row in rows if row.kind in registry.ADAPTERS and row.can(Capability.STATS)]


def count_account(account: ChannelAccount) -> None:
    """Safe to repeat: the same day again replaces its numbers."""
    note = ""
    try:
        _ask(account)
    except ChannelError as error:
        note = f"{error.detail}{error.action}"[:300]
    done = {} if note else {"counted_on": today()}
    rows = ChannelAccount.objects.filter(pk=account.pk)
    rows.update(counts_note=note, updated_at=timezone.now(), **done)


def _ask(account: ChannelAccount) -> None:
    channel = connections.open_counting(account)
    articles = _articles(account, channel)
    days = {day for delivery in articles.values() for day in _days_of(delivery)}
    for day in sorted(day for day in days if today() - timedelta(days=DAYS) <= day < today()):
        for count in channel.counts_of(day):
            if count.message in articles:
                DeliveryCount.objects.update_or_create(
                    delivery=articles[count.message],
                    day=count.day,
                    defaults={"reads": count.reads, "shares": count.shares},
                )


def _articles(account: ChannelAccount, channel: Counting) -> dict[str, Delivery]:
    """What is out or was, by the platform's number of it."""
    since = timezone.now() - timedelta(days=DAYS + 1)
    rows = account.deliveries.filter(published_at__gte=since).defer("post")
    return {row.external[channel.MESSAGE]: row for row in rows if channel.MESSAGE in row.external}


def _days_of(delivery: Delivery) -> set[date]:
    """Near midnight our day of its publication may not be the platform's."""
    moments = (delivery.submitted_at, delivery.published_at)
    return {beijing_day(moment) for moment in moments if moment}
