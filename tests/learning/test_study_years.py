"""The year as months with lessons: each lesson once, in the month in which it was finished."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from studyhub.core.clock import beijing_day
from studyhub.learning.models import LessonStatus
from studyhub.learning.progress import LessonProgress
from studyhub.learning.study_years import study_years

TODAY = date(2026, 11, 27)
ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 1_200 * 24).map(lambda hours: FIRST + timedelta(hours=hours))


def finished(key, moment, status=LessonStatus.FINISHED):
    return LessonProgress(key, 1, [], 100, status, moment, None, 0, declared=True)


def years(*rows):
    return study_years({row.lesson_key: row for row in rows}, TODAY)


def test_a_year_without_a_lesson_is_this_one_alone_up_to_now():
    [year] = years()
    assert (year.number, year.finished) == (2026, 0)
    assert [month.number for month in year.months] == [*range(1, 12)]


def test_the_month_is_that_of_beijing():
    last_of_march = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)  # the first of April there
    [year] = years(finished(ONE, last_of_march))
    assert year.months[3].lessons == [ONE]


def test_lessons_of_a_month_stand_in_the_order_of_their_end():
    early, late = (datetime(2026, 5, day, tzinfo=UTC) for day in (2, 9))
    [year] = years(finished(ONE, late), finished(TWO, early), finished(THREE, late))
    assert year.months[4].lessons == [TWO, ONE, THREE]


def test_what_is_only_begun_is_not_on_it():
    moment = datetime(2026, 5, 2, tzinfo=UTC)
    [year] = years(finished(ONE, moment, LessonStatus.IN_PROGRESS), finished(TWO, None))
    assert year.finished == 0


@given(st.lists(MOMENTS, max_size=30))
def test_every_lesson_stands_once_whatever_the_phones_clock_said(moments):
    rows = [finished(UUID(int=n + 1), moment) for n, moment in enumerate(moments)]
    found = years(*rows)
    stands = [key for year in found for month in year.months for key in month.lessons]
    assert sorted(stands) == [row.lesson_key for row in rows]
    assert [year.number for year in found] == sorted({y.number for y in found}, reverse=True)
    assert found[0].number == TODAY.year
    for row in rows:
        day = min(beijing_day(row.finished_at), TODAY)
        [year] = [year for year in found if year.number == day.year]
        assert row.lesson_key in year.months[day.month - 1].lessons


def test_a_clock_ahead_by_a_month_is_put_into_the_month_that_is_now():
    ahead = datetime(2026, 11, 27, tzinfo=UTC) + timedelta(days=40)
    [year] = years(finished(ONE, ahead))
    assert year.months[-1].lessons == [ONE]
