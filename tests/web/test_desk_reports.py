"""Reports at the desk: rows that are true, words when empty, files that open in Chinese."""

from datetime import timedelta
from functools import cache
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import (
    TaskState,
    Workflow,
    WorkflowState,
    get_default_page_content_type,
)

from content.elements import Source
from content.missing_sources import can_be_found, look_at_all_sources
from content.models import LessonPage, MissingSource, ReviewTask
from content.reports import in_words
from content.reviews.workflow import ensure_workflow
from studyhub.people import access
from tests import factories as make
from tests.channels.factories import AccountFactory, DeliveryFactory
from tests.web.factories import a_picture, block, listed

pytestmark = pytest.mark.django_db
REPORTS = ("coverage", "pictures", "sources", "review-times", "stale-channels")
REPORTS += ("missed-questions", "missed-sections")


@pytest.fixture
def desk_of(sign_in):
    @cache
    def _desk_of(role):
        person = make.a_user(f"desk-{role}", role, is_staff=True)
        person.groups.add(Group.objects.get(name=role))
        return sign_in(person)

    return _desk_of


def report(client, slug, **query):
    return client.get(f"/cms/reports/desk/{slug}/", query)


def told(client, slug):
    answer = report(client, slug)
    assert answer.status_code == 200
    return answer.content.decode()


def picture(**words):
    told = {"alt": "雪山下的队伍", "caption": "翻山", "source": "自绘", "licence": "CC"}
    return block("picture", {"image": a_picture().pk, **told, **words})


SOURCES = block("sources", {"items": listed({"title": "党史", "publisher": "中央党史出版社"})})


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("pictures", "每张图片都写了来源"),
        ("sources", "每一课都写了查得到的资料来源"),
        ("review-times", "一年里还没有审过课"),
        ("stale-channels", "各渠道上的文章都是现在的版次"),
        ("missed-questions", "还没有一道题有 5 个人答过"),
        ("missed-sections", "还没有一道题有 5 个人答过"),
    ],
)
def test_an_empty_report_says_so(desk_of, slug, words):
    assert words in told(desk_of(access.PUBLISHER), slug)


def test_the_first_page_says_so_of_pictures(desk_of):
    assert "每张图片都写了来源" in desk_of(access.EDITOR).get("/cms/").content.decode()


@pytest.mark.parametrize("slug", REPORTS)
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_each_is_a_file_too_with_chinese_headings(desk_of, slug, kind):
    answer = report(desk_of(access.PUBLISHER), slug, export=kind)
    data = b"".join(answer.streaming_content)
    if kind == "csv":
        first = data.decode("utf-8-sig").splitlines()[0].split(",")
        assert data.startswith("\ufeff".encode())
    else:
        first = [cell.value for cell in load_workbook(BytesIO(data)).active[1]]
    assert first
    assert all(not word.isascii() for word in first)


def test_a_title_never_runs_as_a_formula(desk_of):
    make.a_lesson(title="=1+1", body=[make.section("一"), picture(source="")], quiz=False)
    answer = report(desk_of(access.EDITOR), "pictures", export="csv")
    assert "'=1+1" in b"".join(answer.streaming_content).decode()


def test_the_reports_stand_in_the_menu_of_those_who_may_open_them(desk_of):
    page = desk_of(access.EDITOR).get("/cms/").content.decode()
    assert "reports/desk/coverage/" in page
    assert "reports/desk/stale-channels/" not in page
    assert report(desk_of(access.EDITOR), "stale-channels").status_code == 302
    assert "reports/desk/stale-channels/" in desk_of(access.PUBLISHER).get("/cms/").content.decode()


def test_each_category_is_counted_also_where_there_is_nothing(desk_of):
    course = make.a_course()
    make.a_lesson(course)
    make.a_lesson(course, publish=False)
    page = told(desk_of(access.EDITOR), "coverage")
    assert "知识技能教育" in page
    data = b"".join(
        report(desk_of(access.EDITOR), "coverage", export="csv").streaming_content
    ).decode("utf-8-sig")
    lines = [line.split(",") for line in data.splitlines()]
    assert ["理论教育", "1", "1", "1"] in lines
    assert len(lines) == 8


# Sources ------------------------------------------------------------------------------------------
def test_a_picture_without_a_source_is_told_until_it_has_one(desk_of):
    editor = desk_of(access.EDITOR)
    gap = picture(source="")
    page = make.a_lesson(title="翻雪山", body=[make.section("一"), gap, SOURCES], quiz=False)
    assert "翻雪山" in told(editor, "pictures")
    assert "缺来源的图片（1）" in editor.get("/cms/").content.decode()
    assert "有页面等人处理" not in editor.get("/cms/").content.decode()
    gap["value"]["source"] = "自绘"
    page.body = page.body.stream_block.to_python([make.section("一"), gap, SOURCES])
    page.save_revision()
    assert "翻雪山" not in told(editor, "pictures")


def test_a_draft_that_is_not_live_is_told_too(desk_of):
    page = make.a_lesson(body=[make.section("一"), picture(source="")], quiz=False, publish=False)
    page.save_revision()
    assert MissingSource.objects.filter(page=page).exclude(block="").count() == 1


@pytest.mark.parametrize(
    ("title", "publisher", "reference", "found"),
    [
        ("党史", "中央党史出版社", "", True),
        ("党史", "", "https://example.org/a", True),
        ("党史", " ", "", False),
        ("", "出版社", "第3页", False),
    ],
)
def test_a_source_is_found_by_more_than_its_title(title, publisher, reference, found):
    assert can_be_found(Source(title, publisher, reference)) is found


def test_a_lesson_without_a_source_that_can_be_found_is_told(desk_of):
    only_a_title = block("sources", {"items": listed({"title": "党史", "publisher": ""})})
    make.a_lesson(title="没写的", body=[make.section("一")], quiz=False)
    make.a_lesson(title="只有题名的", body=[make.section("一"), only_a_title], quiz=False)
    make.a_lesson(title="写了的", body=[make.section("一"), SOURCES], quiz=False)
    page = told(desk_of(access.EDITOR), "sources")
    assert "没写的" in page
    assert "只有题名的" in page
    assert "写了的" not in page.replace("没写的", "")


def test_the_nightly_look_finds_what_was_there_before():
    page = make.a_lesson(body=[make.section("一"), picture(source="")], quiz=False)
    MissingSource.objects.all().delete()
    look_at_all_sources()
    assert [bool(row.block) for row in MissingSource.objects.filter(page=page)] == [True, False]


# Reviews ------------------------------------------------------------------------------------------
@pytest.fixture
def levels(settings):
    settings.REVIEW_LEVELS = 3
    ensure_workflow()


def reviewed(level, hours, person=None, days_ago=1):
    """As Wagtail keeps a review that is over."""
    page = make.a_lesson()
    state = _state(page)
    ended = timezone.now() - timedelta(days=days_ago)
    TaskState.objects.create(
        workflow_state=state,
        revision=page.get_latest_revision(),
        task=ReviewTask.objects.get(level=level),
        status=TaskState.STATUS_APPROVED,
        finished_by=person,
        finished_at=ended,
    )
    TaskState.objects.filter(workflow_state=state).update(started_at=ended - timedelta(hours=hours))


def _state(page):
    return WorkflowState.objects.create(
        content_type=page.cached_content_type,
        base_content_type=get_default_page_content_type(),
        object_id=str(page.pk),
        workflow=Workflow.objects.get(name="三审三校"),
        status=WorkflowState.STATUS_APPROVED,
    )


def test_reviews_are_told_by_level_as_a_median_and_never_by_person(levels, desk_of):
    person = make.a_user("reviewer", "巴图")
    for hours in (2, 3, 26, 40, 90):
        reviewed(1, hours, person)
    reviewed(2, 5, person)
    page = told(desk_of(access.EDITOR), "review-times")
    assert "1 天 2 小时" in page
    assert "不到 5 次" in page
    assert "巴图" not in page
    assert "终审" not in page


def test_a_review_of_long_ago_counts_no_more(levels, desk_of):
    reviewed(1, 2, days_ago=400)
    assert "一年里还没有审过课" in told(desk_of(access.EDITOR), "review-times")


@pytest.mark.parametrize(
    ("hours", "words"), [(0, "不到 1 小时"), (1, "1 小时"), (24, "1 天"), (49, "2 天 1 小时")]
)
def test_a_median_is_said_as_people_say_it(hours, words):
    assert in_words([timedelta(hours=hours)] * 5) == words


# Channels -----------------------------------------------------------------------------------------
def test_an_old_copy_is_told_whatever_was_changed(desk_of):
    page = make.a_lesson(title="长征")
    account = AccountFactory(manual=True)
    DeliveryFactory(
        lesson_key=page.translation_key, account=account, published=True, lesson_title="长征"
    )
    publisher = desk_of(access.PUBLISHER)
    assert "各渠道上的文章都是现在的版次" in told(publisher, "stale-channels")
    page = LessonPage.objects.get(pk=page.pk)
    page.summary = "少了一个字。"
    make.publish_page(page)
    listed = told(publisher, "stale-channels")
    assert "长征" in listed
    assert "文字" in listed
