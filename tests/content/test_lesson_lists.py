"""Lists of lessons say what they always said, and cost what they show."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from wagtail.models import PageViewRestriction

from content import catalogue, search_index
from content.models import CoursePage, LessonPage, LessonRevision
from studyhub.web.views import feeds
from tests import factories as make

pytestmark = pytest.mark.django_db


def plain_cards():
    """Every open lesson as it stands in lists, one by one."""
    for page in LessonPage.objects.live().order_by("path"):
        rows = LessonRevision.objects.of(page.translation_key).order_by("revision")
        if rows and not page.get_view_restrictions():
            parent = CoursePage.objects.live().filter(pk=page.get_parent().pk).first()
            yield page.translation_key, parent.slug if parent else "", rows.last().published_at


def plain_list(course, q, since):
    found = [str(find.lesson) for find in search_index.search(q)] if q else []
    keys = [
        key
        for key, slug, updated in plain_cards()
        if course in (None, slug) and (since is None or updated > since)
    ]
    return (
        sorted((k for k in keys if str(k) in found), key=lambda k: found.index(str(k)))
        if q
        else keys
    )


@pytest.fixture
def house(time_machine):
    """Three courses, one of them closed by a password and one taken down with its lessons left;
    lessons that were corrected, taken down, and never published."""
    time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)
    courses = [make.a_course(slug, slug) for slug in ("one", "two", "three", "closed")]
    pages = []
    for n in range(11):
        pages.append(make.a_lesson(courses[n % 4], title=f"第{n}课：遵义会议{'会议' * (n % 3)}"))
        time_machine.shift(timedelta(days=n % 2))
    make.correct(pages[0])
    pages[5].unpublish()
    make.a_lesson(courses[0], publish=False)
    PageViewRestriction.objects.create(page=courses[3], restriction_type="password", password="x")
    CoursePage.objects.filter(pk=courses[2].pk).update(live=False)
    return pages


def test_every_way_to_ask_is_answered_as_if_all_had_been_read(house):
    days = [None, *(row.published_at for row in LessonRevision.objects.order_by("pk")[:4])]
    asked = list(product((None, "one", "three", "", "none"), ("", "遵义", "长城"), days))
    for course, q, since in asked:
        whole = plain_list(course, q, since)
        selection = catalogue.LessonSelection(course, q, since)
        for start, stop in ((0, 2), (1, 4), (3, 100), (50, 60)):
            shown = [card.lesson_key for card in selection[start:stop]]
            assert shown == whole[start:stop], (course, q, since, start)
    assert len({tuple(plain_list(*one)) for one in asked}) > 5


def test_the_newest_are_those_revised_last_and_of_one_moment_in_study_order(house):
    newest = sorted(plain_cards(), key=lambda told: told[2], reverse=True)
    keys = [key for key, *_ in newest]
    for most in (1, 3, 20):
        assert catalogue.newest_lessons(most) == keys[:most]
    assert [one.card.lesson_key for one in catalogue.contents(keys)] == keys


@pytest.fixture
def cost(client, monkeypatch):
    """Queries and rows of one request; what is kept for the next one is there already."""

    def _cost(path):
        rows, queries = [0], [0]
        client.get(path)
        with monkeypatch.context() as patch:
            for name, size in {"fetchone": bool, "fetchmany": len, "fetchall": len}.items():
                patch.setattr(CursorWrapper, name, _counted(name, size, rows), raising=False)
            with connection.execute_wrapper(_counting(queries)):
                assert client.get(path).status_code == 200
        assert rows[0]
        return queries[0], rows[0]

    return _cost


def _counted(name, size, rows):
    def fetch(self, *how):
        got = getattr(self.cursor, name)(*how)
        rows[0] += size(got)
        return got

    return fetch


def _counting(queries):
    def execute(run, *statement):
        queries[0] += 1
        return run(*statement)

    return execute


PAGES = (
    "/api/v1/lessons?limit=2",
    "/api/v1/lessons?limit=2&course=one",
    "/api/v1/lessons?limit=2&updated_since=2026-01-01T00:00:00Z",
    "/feeds/lessons.rss",
    "/feeds/lessons.json",
    "/feeds/videos.rss",
)


def test_a_page_costs_the_same_however_many_lessons_there_are(cost, monkeypatch):
    monkeypatch.setattr(feeds, "ITEMS", 2)
    one = make.a_course("one")
    for _ in range(3):
        make.a_lesson(one)
    few = {path: cost(path) for path in PAGES}
    for n in range(10):
        make.a_lesson(one if n > 4 else make.a_course(f"more{n}"))
    assert {path: cost(path) for path in PAGES} == few
