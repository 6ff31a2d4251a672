"""Days on which offices work: Monday to Friday. Holidays that move are not known here."""

from datetime import datetime, timedelta

from studyhub.core.clock import BEIJING

SATURDAY = 5


def working_days_after(moment: datetime, days: int) -> datetime:
    """The end of the last of so many working days after the day of ``moment``, in Beijing."""
    day = moment.astimezone(BEIJING)
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day.replace(hour=18, minute=0, second=0, microsecond=0)
