"""Channels over the API: safe to repeat, invisible to everybody but publishers."""

import uuid

import pytest
from django.contrib.auth.models import Permission

from studyhub.channels.models import Delivery, DeliveryCount
from studyhub.channels.worker.run import run
from tests.channels import world
from tests.channels.factories import AccountFactory, DeliveryFactory
from tests.factories import a_lesson, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sandbox(settings, monkeypatch, one_connection):
    world.stop_waiting(settings)
    world.reach_sandbox(settings, monkeypatch)


@pytest.fixture
def desk(api):
    publisher = a_user("publisher")
    publisher.user_permissions.add(Permission.objects.get(codename="send_delivery"))
    return api(publisher)


@pytest.fixture
def wechat():
    return AccountFactory()


@pytest.fixture
def toutiao():
    return AccountFactory(manual=True)


@pytest.fixture
def lesson():
    return a_lesson()


def _post(desk, lesson, key="k1", **values):
    body = {"lesson_id": str(lesson.translation_key), "channel": "wechat-main", "action": "publish"}
    return desk.post("/deliveries", body | values, **{"Idempotency-Key": key})


def test_the_same_request_again_is_the_same_delivery(desk, wechat, lesson):
    first, again = _post(desk, lesson), _post(desk, lesson)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json()["id"] == again.json()["id"]


def test_a_nul_in_the_name_of_a_channel_is_read_as_if_it_were_not_there(desk, wechat, lesson):
    pk = _post(desk, lesson, channel="wechat\0-main").json()["id"]
    (listed,) = desk.get("/deliveries?channel=%00wechat-main").json()["items"]
    assert listed["id"] == pk


def test_one_key_for_two_bodies_is_refused(desk, wechat, lesson):
    _post(desk, lesson)
    answer = _post(desk, lesson, action="draft")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")


def test_the_same_revision_twice_names_the_first(desk, wechat, lesson):
    first = _post(desk, lesson).json()
    answer = _post(desk, lesson, key="k2")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_delivered")
    assert answer.json()["id"] == first["id"]


def test_a_delivery_tells_its_steps_and_the_outside_ids(desk, wechat, lesson):
    world.platform_account()
    pk = _post(desk, lesson).json()["id"]
    for _ in range(3):
        run(uuid.UUID(pk))
    shown = desk.get(f"/deliveries/{pk}").json()
    assert shown["state"] == "published"
    assert shown["external"]["url"].endswith(shown["external"]["article_id"])
    assert {"draft", "submit", "poll"} <= {step["name"] for step in shown["steps"]}
    assert shown["error"] is None
    board = desk.get("/board").json()
    assert board["items"][0]["channels"][0]["state"] == "published"


def test_the_outside_ids_have_the_platforms_own_names(desk, wechat):
    pk = DeliveryFactory(account=wechat, in_review=True).pk
    external = desk.get(f"/deliveries/{pk}").json()["external"]
    nothing = dict.fromkeys(("article_id", "item_id", "url"))
    assert external == {"media_id": "m1", "publish_id": "7", **nothing}


def test_another_platform_calls_its_article_an_item(desk):
    account = AccountFactory(folder=True)
    pk = DeliveryFactory(account=account, published=True).pk
    external = desk.get(f"/deliveries/{pk}").json()["external"]
    assert (external["item_id"], external["article_id"]) == ("a1", None)


def test_a_manual_channel_gives_a_package_and_takes_a_link(desk, toutiao, lesson):
    pk = _post(desk, lesson, channel="toutiao").json()["id"]
    run(uuid.UUID(pk))
    shown = desk.get(f"/deliveries/{pk}").json()
    assert shown["package_url"].endswith(f"/api/v1/deliveries/{pk}/package")
    assert "第一节" in desk.get(f"/deliveries/{pk}/package").json()["text"]
    done = desk.post(f"/deliveries/{pk}/handoff", {"url": "https://www.toutiao.com/a1/"})
    assert done.json()["state"] == "published"


def test_lists_filter(desk, wechat, toutiao, lesson):
    _post(desk, lesson)
    _post(desk, lesson, key="k2", channel="toutiao")
    items = desk.get("/deliveries?channel=toutiao&state=queued").json()["items"]
    assert [item["channel"] for item in items] == ["toutiao"]
    assert len(desk.get("/channels").json()["items"]) == 2


def test_a_key_is_required(desk, wechat, lesson):
    answer = _post(desk, lesson, key="")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_required")


def test_cancel_and_retry_say_when_they_cannot(desk, wechat, lesson):
    pk = _post(desk, lesson).json()["id"]
    assert desk.post(f"/deliveries/{pk}/retry").json()["code"] == "not_retryable"
    assert desk.post(f"/deliveries/{pk}/cancel").json()["state"] == "cancelled"
    assert desk.post(f"/deliveries/{pk}/withdraw").status_code == 409


def test_nobody_else_sees_channels(api, wechat, lesson, django_user_model):
    stranger = api(django_user_model.objects.create_user(username="stranger", password="x" * 12))
    for path in ("/channels", "/deliveries", "/board", "/channels/wechat-main/stats"):
        assert stranger.get(path).status_code == 404
        assert api().get(path).status_code == 401
    assert not Delivery.objects.exists()


def test_figures_are_told_by_article_and_day(desk, wechat):
    delivery = DeliveryFactory(published=True, account=wechat)
    for day, reads in (("2026-11-01", 3), ("2026-11-02", 5)):
        DeliveryCount.objects.create(delivery=delivery, day=day, reads=reads, shares=1)
    told = desk.get("/channels/wechat-main/stats?from=2026-11-02&to=2026-11-30").json()
    (row,) = told["items"]
    assert (row["delivery_id"], row["day"], row["reads"]) == (str(delivery.pk), "2026-11-02", 5)
    assert (told["channel"], told["counted_on"], told["note"]) == ("wechat-main", None, "")


def test_figures_of_no_day_are_refused(desk, wechat):
    assert desk.get("/channels/wechat-main/stats?from=yesterday").status_code == 422
    assert desk.get("/channels/nobody/stats").status_code == 404
