"""今天和本周要发: what goes out by itself, by day in Beijing, and what stands in its way."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.utils import timezone

from content.models import FeaturedDay, LessonPage, PageProblem
from content.planned import planned, start_of
from content.schedule import publish_and_expire
from studyhub.core.clock import BEIJING
from studyhub.people import access
from tests.channels.factories import DeliveryFactory
from tests.factories import a_lesson, a_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 31, 23, 30, tzinfo=BEIJING)


@pytest.fixture(autouse=True)
def _new_years_eve():
    with time_machine.travel(NOW, tick=False):
        yield


def plan(page, at):
    page.go_live_at = at
    page.save_revision().publish()
    return page


def told():
    return [(one.what, one.title) for one in planned()]


def test_what_is_planned_stands_in_its_order():
    plan(a_lesson(title="明天的", publish=False), NOW + timedelta(hours=3))
    plan(a_lesson(title="今天的", publish=False), NOW + timedelta(minutes=5))
    LessonPage.objects.filter(pk=a_lesson(title="旧的").pk).update(
        expire_at=NOW + timedelta(days=2)
    )
    FeaturedDay.objects.create(page=a_lesson(title="元旦的"), month=1, day=1)
    assert told() == [
        ("发布", "今天的"),
        ("放上首页", "元旦的"),
        ("发布", "明天的"),
        ("到期下架", "旧的"),
    ]
    assert [one.day.isoformat() for one in planned()][:3] == [
        "2026-12-31",
        "2027-01-01",
        "2027-01-01",
    ]


def test_a_correction_that_is_planned_is_called_one():
    page = a_lesson(title="长征")
    page.title = "长征（改）"
    plan(page, NOW + timedelta(hours=1))
    assert told() == [("发布改动", "长征（改）")]


@pytest.mark.parametrize(("days", "is_told"), [(6, True), (7, False)])
def test_a_week_is_today_and_six_days(days, is_told):
    end_of_that_day = start_of((NOW + timedelta(days=days)).date()) + timedelta(hours=23)
    plan(a_lesson(publish=False), end_of_that_day)
    assert bool(told()) is is_told


def test_an_hour_in_a_draft_that_nobody_pressed_is_told_as_a_wish():
    page = a_lesson(publish=False)
    page.go_live_at = NOW + timedelta(hours=1)
    page.save_revision()
    [one] = planned()
    assert (one.what, "到点不会自己发" in one.note) == ("想发布", True)


def test_channels_tell_what_they_send_at_an_hour():
    DeliveryFactory(lesson_title="长征出发", publish_at=NOW + timedelta(hours=1))
    DeliveryFactory(lesson_title="发过的", published=True, publish_at=NOW + timedelta(hours=1))
    assert told() == [("发到公众号", "长征出发")]


def test_what_was_refused_at_its_hour_stays_in_the_list_with_the_reason(monkeypatch):
    bad, good = a_lesson(title="坏的", publish=False), a_lesson(title="好的", publish=False)
    for page in (bad, good):
        plan(page, NOW + timedelta(minutes=1))
    revision = bad.get_latest_revision()
    bad.revisions.filter(pk=revision.pk).update(content=revision.content | {"summary": ""})
    with time_machine.travel(NOW + timedelta(hours=9), tick=False):
        publish_and_expire()
        [one] = planned()
        assert one.title == "坏的"
        assert "请打开页面改好" in one.obstacle()
    assert LessonPage.objects.get(pk=good.pk).live
    assert PageProblem.objects.get().page_id == bad.pk


def test_what_is_not_signed_is_said_before_its_hour(settings):
    settings.REVIEW_LEVELS = 0
    plan(a_lesson(publish=False), NOW + timedelta(hours=1))
    settings.REVIEW_LEVELS = 3
    [one] = planned()
    assert "没有审完" in one.obstacle()


def test_the_page_and_the_first_page_say_it_and_say_where_there_is_nothing(sign_in):
    editor = a_user("editor", access.EDITOR, is_staff=True)
    editor.groups.add(Group.objects.get(name=access.EDITOR))
    client = sign_in(editor)
    for path in ("/cms/", "/cms/schedule/"):
        assert "没有定时发布" in client.get(path).content.decode()
    plan(a_lesson(title="翻雪山", publish=False), timezone.now() + timedelta(hours=1))
    for path in ("/cms/", "/cms/schedule/"):
        told = client.get(path).content.decode()
        assert "翻雪山" in told
        assert "1月1日 星期五" in told


def test_a_hundred_plans_cost_what_one_does(django_assert_max_num_queries):
    for n in range(5):
        FeaturedDay.objects.create(page=a_lesson(), month=1, day=n + 1)
        plan(a_lesson(publish=False), NOW + timedelta(hours=n + 1))
    with django_assert_max_num_queries(8):
        assert len(planned()) == 10
