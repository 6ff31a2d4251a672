"""How deliveries stand, told from what is stored: whatever wrote it, no change is missed.

States that a delivery passes between two looks are not told; the one in which it rests is.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from studyhub.channels.models import Delivery
from studyhub.webhooks.events import lesson_data, tell
from studyhub.webhooks.models import Endpoint, EventType, ToldDelivery

# A transaction that was open at the last look may have written since: statements end by then.
OVERLAP = timedelta(minutes=5)


def tell_changed() -> int:
    """Tell of each delivery that stands otherwise than at the last look; how many these are."""
    since = _since()
    if since is None:
        return 0
    changed = Delivery.objects.filter(updated_at__gte=since).order_by("updated_at")
    rows = changed.select_related("account").defer("post")
    return sum(map(_tell_if_other, rows.iterator(chunk_size=200)))


def _since() -> datetime | None:
    """None while nobody wants to hear; nothing from before somebody did."""
    endpoints = Endpoint.without_secrets()
    wanting = [one.created_at for one in endpoints if EventType.DELIVERY in one.events]
    if not wanting:
        return None
    seen = ToldDelivery.objects.aggregate(last=Max("changed_at"))["last"]
    return max(seen - OVERLAP, min(wanting)) if seen else min(wanting)


@transaction.atomic
def _tell_if_other(row: Delivery) -> bool:
    """Of two that look at once one tells: the row is written with the word of it."""
    seen = {"state": row.state, "changed_at": row.updated_at}
    told, made = ToldDelivery.objects.get_or_create(delivery_id=row.pk, defaults=seen)
    again = ToldDelivery.objects.filter(pk=told.pk)
    is_other = made or bool(again.exclude(state=row.state).update(**seen))
    if is_other:
        tell(EventType.DELIVERY, _data(row))
    else:
        again.filter(changed_at__lt=row.updated_at).update(changed_at=row.updated_at)
    return is_other


def _data(row: Delivery) -> dict[str, object]:
    lesson = lesson_data(row.lesson_key, revision=row.revision)
    stands = {"delivery": str(row.pk), "channel": row.account.key, "state": row.state}
    api = f"{settings.PUBLIC_URL}/api/v1/deliveries/{row.pk}"
    return {**lesson, **stands, "url": row.url, "api": api}
