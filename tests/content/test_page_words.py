"""Titles and times are judged as they will be stored: on one line, with something to see."""

import pytest
from django.core.exceptions import ValidationError

from content.models import LessonPage
from tests import factories as make
from tests.content.desk import lesson_form

pytestmark = pytest.mark.slow  # many inputs, one rule

NOTHING = ["\uffff", "\x01\x02", "\u202e", "\u200b\u200d", "\u3000", "\u2800", "\u3164", "\ufe0f"]


@pytest.fixture
def lesson(db):
    return make.a_lesson(title="遵义会议")


@pytest.mark.parametrize("title", NOTHING)
def test_a_title_that_shows_nothing_is_told_at_the_desk(admin_client, lesson, title):
    """Cleaned only when it was stored, it became an empty one: 500."""
    form = lesson_form(lesson, text="<p>开会。</p>") | {"title": title}
    answer = admin_client.post(f"/cms/pages/{lesson.pk}/edit/", form)
    assert answer.status_code == 200
    assert answer.context["form"].errors["title"]
    assert LessonPage.objects.get().get_latest_revision_as_object().title == "遵义会议"


@pytest.mark.parametrize("title", NOTHING)
def test_and_wherever_else_a_page_is_judged(lesson, title):
    lesson.title = title
    with pytest.raises(ValidationError, match="title"):
        lesson.full_clean()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("遵义\r\n会议", "遵义会议"),
        ("Karl\nMarx", "Karl Marx"),
        ("a\u2028b", "a b"),
    ],
)
def test_a_title_stands_on_one_line(lesson, written, kept):
    lesson.title = written
    lesson.full_clean()
    lesson.save()
    assert LessonPage.objects.get().title == kept


@pytest.mark.parametrize("hours", ["-1", "-0.25", "10.25", "99"])
def test_a_lesson_gives_hours_that_a_lesson_can_take(admin_client, lesson, hours):
    form = lesson_form(lesson, text="<p>开会。</p>") | {"credit_hours": hours}
    answer = admin_client.post(f"/cms/pages/{lesson.pk}/edit/", form)
    assert "0 到 10" in str(answer.context["form"].errors["credit_hours"])


@pytest.mark.parametrize("name", ["go_live_at", "expire_at"])
@pytest.mark.parametrize("at", ["0001-01-01 00:00", "1899-12-31 00:00", "9999-12-31 23:59"])
def test_a_schedule_beyond_all_calendars_is_told_at_the_desk(admin_client, lesson, name, at):
    """Year 1 in Beijing is before all time in UTC: 500."""
    form = lesson_form(lesson, text="<p>开会。</p>") | {name: at}
    answer = admin_client.post(f"/cms/pages/{lesson.pk}/edit/", form)
    assert answer.status_code == 200
    assert answer.context["form"].errors[name]


def test_a_schedule_of_this_century_is_taken(admin_client, lesson):
    form = lesson_form(lesson, text="<p>开会。</p>") | {"go_live_at": "2099-07-01 08:00"}
    answer = admin_client.post(f"/cms/pages/{lesson.pk}/edit/", form)
    assert answer.status_code == 302


@pytest.mark.parametrize("hours", ["0", "0.25", "2", "10"])
def test_such_hours_are_taken(lesson, hours):
    lesson.credit_hours = hours
    lesson.full_clean()


def test_a_long_lesson_has_more_fields_than_a_short_form(admin_client, lesson):
    """Thirty questions with four answers each are a thousand fields: nothing was saved."""
    form = lesson_form(lesson, text="<p>开会。</p>") | {f"body-9-{n}": "" for n in range(3000)}
    answer = admin_client.post(f"/cms/pages/{lesson.pk}/edit/", form)
    assert answer.status_code == 302
