"""The board says what was really sent and whether it still is what learners read."""

import pytest

from content import catalogue
from studyhub.channels.board import board, stale_ones
from tests.channels.factories import DeliveryFactory

pytestmark = pytest.mark.django_db


def shown(lesson):
    (row,) = board([catalogue.content(lesson.translation_key).card])
    return row.deliveries


def of(lesson, **values):
    return DeliveryFactory(lesson_key=lesson.translation_key, **values)


def test_a_lesson_that_went_nowhere_has_an_empty_row(lesson):
    assert shown(lesson) == []


def test_each_channel_has_one_cell_in_the_order_of_keys(lesson, wechat, toutiao):
    of(lesson, account=wechat, published=True)
    of(lesson, account=toutiao, waiting=True)
    assert [d.account.key for d in shown(lesson)] == ["toutiao", "wechat-main"]


def test_a_failed_newer_one_does_not_hide_what_is_out(lesson, wechat):
    out = of(lesson, account=wechat, published=True)
    of(lesson, account=wechat, failed=True, revision=2)
    assert shown(lesson) == [out]


def test_a_newer_one_on_its_way_takes_the_cell(lesson, wechat):
    of(lesson, account=wechat, published=True)
    on_its_way = of(lesson, account=wechat, in_review=True, revision=2)
    assert shown(lesson) == [on_its_way]


def test_when_nothing_worked_the_newest_failure_is_shown(lesson, wechat):
    of(lesson, account=wechat, failed=True)
    newest = of(lesson, account=wechat, rejected=True)
    assert shown(lesson) == [newest]


def test_what_was_sent_before_a_correction_is_stale(lesson, wechat):
    old = of(lesson, account=wechat, published=True)
    assert stale_ones([old]) == set()
    lesson.title = "长征出发（更正）"
    lesson.save_revision().publish()
    new = of(lesson, account=wechat, in_review=True, revision=2)
    assert stale_ones([old, new]) == {old.pk}


def test_the_board_asks_the_database_once(make_lesson, wechat, django_assert_num_queries):
    lessons = [make_lesson(title) for title in ("甲", "乙", "丙")]
    cards = [catalogue.content(lesson.translation_key).card for lesson in lessons]
    for lesson in lessons:
        of(lesson, account=wechat, published=True)
    with django_assert_num_queries(1):
        assert len(board(cards)) == 3
