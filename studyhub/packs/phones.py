"""What our readers' phones can do without a network, as counts: which help is worth building.

Every phone finds its own tier by trying (``keeping.js``) and tells it once a month, without a name
or an account. The browser is read coarsely from the request, for this table only: what a reader is
offered never depends on it.
"""

from django.db import transaction
from django.db.models import F

from studyhub.core.browsers import browser_of
from studyhub.core.clock import today
from studyhub.packs.models import PhoneCount


def count_phone(tier: int, user_agent: str) -> None:
    """``tier`` as in ``PhoneCount.Tier``. The address and the browser's words are not stored."""
    with transaction.atomic():
        row, _ = PhoneCount.objects.get_or_create(
            month=today().replace(day=1), tier=tier, browser=browser_of(user_agent)
        )
        PhoneCount.objects.filter(pk=row.pk).update(phones=F("phones") + 1)
