"""Time as the product means it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

BEIJING = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The calendar day in Beijing, by which plans, memberships and years are counted."""
    return beijing_day(timezone.now())


def beijing_day(moment: datetime) -> date:
    """The calendar day in Beijing on which an aware ``moment`` falls."""
    return moment.astimezone(BEIJING).date()
