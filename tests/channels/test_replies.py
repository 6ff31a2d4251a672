"""What an account answers by itself: a way to a page, never anybody's figures."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.channels import replies

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "path"), [("我的进度", "/me/"), ("报名", "/join/"), ("我换地方了", "/me/move/")]
)
def test_a_word_leads_to_its_page(words, path, settings):
    assert replies.reply_to(words).endswith(f"{settings.PUBLIC_URL}{path}")


def test_today_is_the_first_open_lesson(make_lesson, settings):
    lesson = make_lesson("长征出发")
    answer = replies.reply_to(" 今天学什么 ")
    assert "《长征出发》" in answer
    assert answer.endswith(f"{settings.PUBLIC_URL}{lesson.url}")


def test_today_without_a_lesson_says_so(db):
    assert "课还在准备" in replies.reply_to("今天学什么")


def test_every_address_in_an_answer_is_there(client, make_lesson, settings):
    make_lesson()
    for keyword in replies.KEYWORDS:
        [address] = re.findall(r"https?://\S+", keyword.answer())
        answer = client.get(address.removeprefix(settings.PUBLIC_URL))
        assert answer.status_code in (200, 302)


def test_anything_else_is_told_what_one_may_write(db):
    answer = replies.reply_to("你好")
    assert all(keyword.word in answer for keyword in replies.KEYWORDS)


def test_no_answer_reads_anybodys_record(django_assert_num_queries):
    for words in ("我的进度", "报名", "我换地方了", "你好"):
        with django_assert_num_queries(0):
            replies.reply_to(words)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.integers(1, 3000))
def test_an_answer_is_never_longer_than_the_platform_takes(text, times):
    short = replies.bounded(text * times)
    assert len(short.encode("utf-8", "replace")) < 2048
    assert short == (text * times) or short.endswith(replies.SHORTENED)
