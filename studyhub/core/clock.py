"""Time as the product means it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

BEIJING = ZoneInfo("Asia/Shanghai")
# What somebody may name: year 1 and 9999 overflow in some zone, sooner or later.
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)


def database_now() -> datetime:
    """The database's time, which says when a lease or a lock ends; aware, UTC.

    The one clock that all workers share. SQLite has none of its own: it is this machine's.
    """
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def today() -> date:
    """The calendar day in Beijing, by which plans, memberships and years are counted."""
    return beijing_day(timezone.now())


def beijing_day(moment: datetime) -> date:
    """The calendar day in Beijing on which an aware ``moment`` falls."""
    return moment.astimezone(BEIJING).date()
