"""渠道总表: what truly is out, what differs, and the next act in one press."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studyhub.channels.models import Delivery
from tests.channels.factories import AccountFactory, DeliveryFactory
from tests.channels.world import ask, carry, lesson_body, make_image

pytestmark = pytest.mark.django_db
BOARD = "/cms/channels/board/"
State = Delivery.State


@pytest.fixture
def desk(client, publisher):
    client.force_login(publisher)
    return client


def shown(desk, **query):
    return desk.get(BOARD, query).content.decode()


def corrected(lesson, text="<p>1934年10月，<b>中央红军</b>离开。</p>"):
    body = lesson_body()
    body[0] = ("section", {"heading": "出发", "text": text})
    lesson.body = body
    lesson.save_revision().publish()
    return lesson


def test_an_empty_county_is_told_what_to_do(desk):
    assert "还没有渠道账号" in shown(desk)


def test_a_lesson_that_was_never_sent_is_sent_after_one_question(desk, wechat, platform, lesson):
    assert f"发《{lesson.title}》到公众号" in shown(desk)
    asked = {"lesson": lesson.translation_key, "channel": wechat.key}
    assert "发到公众号" in desk.get(f"{BOARD}send/", asked).content.decode()
    assert not Delivery.objects.exists()
    answer = desk.post(
        f"{BOARD}send/", {"lesson": lesson.translation_key, "channel": wechat.key}, follow=True
    )
    assert "交给“公众号”了" in answer.content.decode()
    delivery = Delivery.objects.get()
    assert delivery.requested_by.username == "publisher"
    assert carry(delivery).state == State.PUBLISHED


def test_a_second_press_sends_nothing_and_says_so(desk, wechat, lesson):
    pressed = {"lesson": lesson.translation_key, "channel": wechat.key}
    desk.post(f"{BOARD}send/", pressed)
    page = desk.post(f"{BOARD}send/", pressed, follow=True).content.decode()
    assert "不会再发第二遍" in page
    assert Delivery.objects.count() == 1


def test_before_it_is_sent_stands_what_the_channel_cannot_carry(desk, make_lesson):
    AccountFactory(manual=True)
    lesson = make_lesson(body=lesson_body(make_image()))
    asked = {"lesson": lesson.translation_key, "channel": "toutiao"}
    assert "1 张图片需要人工插入" in desk.get(f"{BOARD}send/", asked).content.decode()
    lesson.unpublish()
    assert desk.get(f"{BOARD}send/", asked).status_code == 404


@pytest.mark.parametrize("key", ["", "nonsense", "7"])
def test_a_press_for_no_lesson_is_answered_in_words(desk, wechat, key):
    page = desk.post(f"{BOARD}send/", {"lesson": key, "channel": wechat.key}, follow=True)
    assert "没有这一课" in page.content.decode()


def test_an_old_text_is_marked_and_its_next_act_is_there(desk, wechat, platform, make_lesson):
    lesson = make_lesson()
    delivery = carry(ask(lesson))
    assert "旧：" not in shown(desk)
    corrected(lesson)
    page = shown(desk, show="stale")
    assert "旧：第 1 版" in page
    assert f"发新版《{lesson.title}》到公众号" in page
    compared = desk.get(f"/cms/channels/{delivery.pk}/compare/").content.decode()
    assert "<del>出发</del>" in compared
    assert "<ins>离开</ins>" in compared


def test_two_equal_texts_are_said_to_be_equal(desk, wechat, lesson):
    delivery = ask(lesson)
    assert "一样" in desk.get(f"/cms/channels/{delivery.pk}/compare/").content.decode()


def test_of_a_lesson_taken_down_what_was_sent_is_told(desk, wechat, platform, make_lesson):
    lesson = make_lesson(title="撤下的课")
    delivery = carry(ask(lesson))
    lesson.unpublish()
    page = shown(desk)
    assert "撤下的课" in page
    assert "发《撤下的课》" not in page
    assert "已经撤下" in desk.get(f"/cms/channels/{delivery.pk}/compare/").content.decode()


def test_filters_leave_what_is_asked_for(desk, wechat, make_lesson):
    waiting, fresh = make_lesson(title="等人的课"), make_lesson(title="没发的课")
    DeliveryFactory(account=wechat, lesson_key=waiting.translation_key, waiting=True)
    assert "没发的课" not in shown(desk, show="todo")
    assert "等人的课" not in shown(desk, show="missing")
    assert "没发的课" in shown(desk, q="没发")
    assert "等人的课" not in shown(desk, q="没发")
    assert fresh.title in shown(desk, course="long-march")
    assert fresh.title not in shown(desk, course="another")
    assert fresh.title in shown(desk, show="nonsense")


def test_who_may_not_send_sees_no_board(client, django_user_model):
    client.force_login(django_user_model.objects.create_user(username="somebody"))
    assert client.get(BOARD).status_code in (302, 403)
    assert client.post(f"{BOARD}send/").status_code in (302, 403)


def test_more_lessons_ask_no_more_of_the_database(desk, wechat, make_lesson):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            desk.get(BOARD)
        return len(caught)

    AccountFactory(manual=True)
    DeliveryFactory(account=wechat, lesson_key=make_lesson().translation_key)
    desk.get(BOARD)
    few = queries()
    for number in range(5):
        lesson = make_lesson(title=f"第{number}课")
        DeliveryFactory(account=wechat, lesson_key=lesson.translation_key, published=True)
    assert queries() == few
