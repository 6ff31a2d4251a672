"""Anniversaries: lessons put forward on the front page on a day of every year."""

from datetime import date

from content.cards import LessonCard
from content.lesson_lists import lessons
from content.models import FeaturedDay
from studyhub.core.clock import today

MOST_SHOWN = 3


def turn_the_day(day: date | None = None) -> None:
    """Put forward what is of today (in Beijing) and nothing else. Safe to repeat: it writes where a
    row is wrong, however long nobody looked."""
    due = set(FeaturedDay.objects.kept_on(day or today()).values_list("pk", flat=True))
    shown = set(FeaturedDay.objects.filter(is_on=True).values_list("pk", flat=True))
    for row in FeaturedDay.objects.filter(pk__in=due ^ shown):
        row.save()


def featured() -> list[LessonCard]:
    """What the front page puts forward now: open lessons, in study order."""
    shown = FeaturedDay.objects.filter(is_on=True).values_list("page__translation_key", flat=True)
    keys = set(shown)
    return lessons(keys)[:MOST_SHOWN] if keys else []
