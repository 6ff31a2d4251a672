"""更正记录: what was changed when and of what kind, never by whom; nothing that was taken back."""

from uuid import uuid4

import pytest
from wagtail.models import PageViewRestriction

from content import catalogue
from content.history import MOST_BLOCKS, MOST_COMPARED, MOST_SIGNS
from content.models import LessonPage
from tests.factories import a_lesson, a_user, publish_page, section

pytestmark = pytest.mark.django_db
DAY = "<p>会在1935年1月{}日开始。</p><p>开了三天。</p>"


@pytest.fixture
def meeting():
    return a_lesson(slug="zunyi", body=[section("开会", text=DAY.format(15))], quiz=False)


def rewritten(page, text, kind="fact", note="日子写错了一天。", hides=False):
    page = LessonPage.objects.get(pk=page.pk)
    body = page.body.get_prep_value()
    body[0]["value"]["text"] = text
    page.body = page.body.stream_block.to_python(body)
    page.change_kind, page.change_note = kind, note if kind != "minor" else ""
    page.change_hides_words = hides
    return publish_page(page)


def history_of(page):
    return catalogue.history(page.translation_key)


def said(client, page):
    answer = client.get(f"{page.url}history/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_correction_stands_with_its_day_its_kind_and_both_wordings(client, meeting):
    rewritten(meeting, DAY.format(16))
    told = said(client, meeting)
    assert "改了事实" in told
    assert "日子写错了一天。" in told
    assert "会在1935年1月15日开始。" in told
    assert "会在1935年1月16日开始。" in told
    assert "首次发布" in told


def test_of_a_typo_it_is_said_where_not_what(meeting):
    rewritten(meeting, DAY.format(16), kind="minor")
    newest, first = history_of(meeting)
    assert (newest.words, first.words) == ("文字", "首次发布")
    assert [(b.title, b.before, b.after) for b in newest.blocks] == [("开会", "", "")]


def test_it_says_of_nobody_who_did_it(client, meeting):
    page = rewritten(meeting, DAY.format(16))
    page.owner = a_user("writer", "巴图")
    page.save()
    assert "巴图" not in said(client, meeting)


def test_it_is_everybodys_page_and_kept_as_one(client, meeting):
    rewritten(meeting, DAY.format(16))
    answer = client.get(f"{meeting.url}history/")
    assert answer["Cache-Control"].startswith("public")
    assert f"{meeting.url}history/" in catalogue.history_addresses()


def test_only_a_lesson_that_was_changed_leads_there(client, meeting):
    assert "history/" not in client.get(meeting.url).content.decode()
    assert catalogue.history_addresses() == []
    rewritten(meeting, DAY.format(16))
    assert f"{meeting.url}history/" in client.get(meeting.url).content.decode()


@pytest.mark.parametrize("kind", ["unpublished", "closed"])
def test_where_the_lesson_is_not_open_neither_is_its_history(client, meeting, kind):
    page = rewritten(meeting, DAY.format(16))
    if kind == "unpublished":
        page.unpublish()
        assert client.get(f"{meeting.url}history/").status_code == 404
    else:
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert client.get(f"{meeting.url}history/").status_code == 302
    assert catalogue.history_addresses() == []


@pytest.mark.parametrize("path", ["history/x/", "histories/"])
def test_nothing_else_stands_below_a_lesson(client, meeting, path):
    assert client.get(f"{meeting.url}{path}").status_code == 404


# Words taken back ---------------------------------------------------------------------------------
SECRET = "<p>会上有某某的电话13900001234。</p>"


def test_words_that_were_taken_back_stand_nowhere(client, meeting):
    rewritten(meeting, SECRET, note="补一句。")
    rewritten(meeting, DAY.format(15), kind="minor", hides=True)
    rewritten(meeting, DAY.format(16))
    told = said(client, meeting)
    assert "13900001234" not in told
    assert "原来的文字不再公开" in told
    assert "会在1935年1月16日开始。" in told  # what came later is told as ever


def test_nor_on_the_cards_of_those_who_finished_the_lesson(meeting):
    rewritten(meeting, SECRET, note="补一句。")
    rewritten(meeting, DAY.format(15), kind="minor", hides=True)
    rewritten(meeting, DAY.format(16))
    told = [
        block
        for since in (1, 2)
        for c in catalogue.changes(meeting.translation_key, since)
        for block in c.blocks
    ]
    assert told
    assert "13900001234" not in repr(told)


def test_they_are_taken_back_also_where_the_tick_is_set_late(client, meeting):
    rewritten(meeting, SECRET, note="补一句。")
    rewritten(meeting, DAY.format(15), note="去掉一句。")
    assert "13900001234" in said(client, meeting)
    rewritten(meeting, DAY.format(15), kind="minor", hides=True)
    assert "13900001234" not in said(client, meeting)
    assert len(history_of(meeting)) == 3


def test_the_tick_holds_for_one_publication(meeting):
    page = rewritten(meeting, DAY.format(16), hides=True)
    assert not page.change_hides_words
    assert not page.get_latest_revision_as_object().change_hides_words


# Light enough for a phone -------------------------------------------------------------------------
def test_a_long_history_is_two_queries_and_compares_the_newest(meeting, django_assert_num_queries):
    for day in range(16, 16 + MOST_COMPARED + 3):
        rewritten(meeting, DAY.format(day))
    with django_assert_num_queries(2):
        found = history_of(meeting)
    assert [one.revision for one in found] == list(range(MOST_COMPARED + 4, 0, -1))
    assert all(one.blocks for one in found[:MOST_COMPARED])
    assert not any(one.blocks for one in found[MOST_COMPARED + 1 :])


def test_a_lesson_written_anew_is_told_in_short(client):
    names = [f"第{n}节" for n in range(30)]
    page = a_lesson(body=[section(name) for name in names], quiz=False)
    body = page.body.get_prep_value()
    for block in body:
        block["value"]["text"] = "<p>" + "新" * 4000 + "。</p>"
    page.body = page.body.stream_block.to_python(body)
    page.change_kind, page.change_note = "important", "全文重写。"
    publish_page(page)
    [newest, _] = history_of(page)
    assert (len(newest.blocks), newest.more) == (MOST_BLOCKS, 30 - MOST_BLOCKS)
    assert len(newest.blocks[0].after) < MOST_SIGNS + 10
    assert len(said(client, page).encode()) < 40_000


def test_the_newest_change_is_that_of_the_history(meeting):
    for day, note in ((16, "写错了一天。"), (17, "又写错了一天。")):
        rewritten(meeting, DAY.format(day), note=note)
    key = meeting.lesson_key
    told, whole = catalogue.newest_change(key), catalogue.history(key)[0]
    same = ("revision", "change", "note", "published_at", "is_told")
    assert [getattr(told, name) for name in same] == [getattr(whole, name) for name in same]
    assert told.note == "又写错了一天。"
    assert catalogue.newest_change(uuid4()) is None
