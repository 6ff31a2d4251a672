"""Anniversaries: each day of the year comes once a year, whatever the clock and whoever slept."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from content import catalogue
from content.featured import turn_the_day
from content.models import FeaturedDay
from content.models.featured import days_kept_on
from content.tasks import turn_the_day as each_minute
from studyhub.core.clock import BEIJING, beijing_day
from studyhub.stored_pages.models import PageChange
from tests.factories import a_lesson

YEARS = st.integers(min_value=1901, max_value=2999)
DATES = st.dates(min_value=date(1901, 1, 1), max_value=date(2999, 12, 31))
EVERY_DAY = [(d.month, d.day) for d in (date(2024, 1, 1) + timedelta(days=n) for n in range(366))]


@given(YEARS)
def test_every_day_there_is_comes_exactly_once_a_year(year):
    first = date(year, 1, 1)
    count = (date(year + 1, 1, 1) - first).days if year < 2999 else 365
    kept = [pair for n in range(count) for pair in days_kept_on(first + timedelta(days=n))]
    assert sorted(kept) == EVERY_DAY


@given(DATES)
def test_a_day_is_always_kept_on_itself(day):
    assert (day.month, day.day) in days_kept_on(day)


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        (date(2027, 2, 28), [(2, 28), (2, 29)]),
        (date(2028, 2, 28), [(2, 28)]),
        (date(2028, 2, 29), [(2, 29)]),
        (date(2100, 2, 28), [(2, 28), (2, 29)]),
        (date(2000, 2, 29), [(2, 29)]),
        (date(2026, 12, 31), [(12, 31)]),
    ],
)
def test_29_february_is_kept_on_the_28th_where_there_is_none(day, kept):
    assert days_kept_on(day) == kept


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("month", "day"),
    [(2, 30), (4, 31), (13, 1), (0, 1), (1, 32), (1, 0), (1, 10**14), (10**14, 1)],
)
def test_a_day_that_no_year_has_is_refused(month, day):
    with pytest.raises(ValidationError):
        FeaturedDay(page=a_lesson(), month=month, day=day).full_clean()


@pytest.mark.django_db
def test_29_february_may_be_kept():
    FeaturedDay(page=a_lesson(), month=2, day=29).full_clean()


# The clock ----------------------------------------------------------------------------------------
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2033, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=4))
def test_whenever_somebody_looks_what_is_on_is_of_that_day_in_beijing(moments):
    """Clocks may jump back and forth, and a server may sleep for years."""
    FeaturedDay.objects.all().delete()
    page = _lesson_for_all()
    for month, day in [(1, 1), (2, 28), (2, 29), (3, 1), (12, 31)]:
        FeaturedDay.objects.create(page=page, month=month, day=day)
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            each_minute()
        on = set(FeaturedDay.objects.filter(is_on=True).values_list("month", "day"))
        known = set(FeaturedDay.objects.values_list("month", "day"))
        assert on == set(days_kept_on(beijing_day(moment))) & known


def _lesson_for_all():
    from content.models import LessonPage

    return LessonPage.objects.first() or a_lesson()


@pytest.mark.django_db
def test_the_day_begins_at_midnight_in_beijing():
    with time_machine.travel(datetime(2027, 1, 14, 23, 59, tzinfo=BEIJING), tick=False):
        day = FeaturedDay.objects.create(page=a_lesson(title="遵义会议"), month=1, day=15)
        turn_the_day()
        assert catalogue.featured() == []
    with time_machine.travel(datetime(2027, 1, 15, 0, 1, tzinfo=BEIJING), tick=False):
        turn_the_day()
        assert [card.title for card in catalogue.featured()] == ["遵义会议"]
    with time_machine.travel(datetime(2027, 1, 16, 0, 1, tzinfo=BEIJING), tick=False):
        turn_the_day()
    day.refresh_from_db()
    assert not day.is_on


@pytest.mark.django_db
def test_a_day_entered_on_the_day_itself_is_on_at_once(client):
    page = a_lesson(title="遵义会议")
    with time_machine.travel(datetime(2027, 1, 15, 9, tzinfo=BEIJING), tick=False):
        FeaturedDay.objects.create(page=page, month=1, day=15)
    assert "今天值得读的一课" in client.get("/").content.decode()


@pytest.mark.django_db
def test_a_lesson_that_is_not_open_is_not_put_forward(client):
    page = a_lesson()
    FeaturedDay.objects.create(page=page, month=1, day=15)
    turn_the_day(date(2027, 1, 15))
    FeaturedDay.objects.update(is_on=True)
    assert len(catalogue.featured()) == 1
    page.unpublish()
    assert catalogue.featured() == []
    assert "今天值得读的一课" not in client.get("/").content.decode()


@pytest.mark.django_db
def test_what_is_written_for_editors_is_shown_to_nobody_else(client):
    page = a_lesson()
    FeaturedDay.objects.create(page=page, month=1, day=15, note="编辑才看的话")
    FeaturedDay.objects.update(is_on=True)
    assert "编辑才看的话" not in client.get("/").content.decode()


@pytest.mark.django_db
def test_stored_pages_are_told_when_the_day_turns_and_not_otherwise(settings):
    settings.STORED_PAGES = True
    page = a_lesson()
    with time_machine.travel(datetime(2027, 1, 14, 12, tzinfo=BEIJING), tick=False):
        FeaturedDay.objects.create(page=page, month=1, day=15)
    PageChange.objects.all().delete()
    turn_the_day(date(2027, 1, 14))
    assert not PageChange.objects.exists()
    with time_machine.travel(datetime(2027, 1, 15, 12, tzinfo=BEIJING), tick=False):
        turn_the_day()
    assert PageChange.objects.exists()


@pytest.mark.django_db
def test_nobody_needs_the_table_where_there_is_no_anniversary(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert catalogue.featured() == []
