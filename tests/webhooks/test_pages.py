"""事件通知 at the desk."""

import pytest
from django.contrib.auth.models import Permission
from standardwebhooks.webhooks import Webhook

from studyhub.webhooks.models import Endpoint, Message
from tests.factories import a_user
from tests.webhooks.receiver import receiving

pytestmark = pytest.mark.django_db
GIVEN = {"name": "平台", "kind": "hook", "url": "https://oa.example.org/hook"}


@pytest.fixture
def keeper(sign_in):
    return sign_in(a_user("keeper", "管理员", is_staff=True, is_superuser=True))


def made(keeper, **more):
    return keeper.post("/cms/webhooks/add/", {**GIVEN, "events": ["lesson.published"], **more})


def test_the_first_page_says_what_it_is_for(keeper):
    assert "还没有接收方" in keeper.get("/cms/webhooks/").content.decode()


def test_the_secret_is_shown_once(keeper):
    place = made(keeper)["Location"]
    secret = Endpoint.objects.get().secret
    first = keeper.get(place)
    assert secret in first.content.decode()
    assert "no-store" in first["Cache-Control"]
    assert secret not in keeper.get(place).content.decode()
    assert secret not in keeper.get("/cms/webhooks/").content.decode()


def test_a_changed_secret_is_shown_once_and_the_former_holds(keeper):
    place = made(keeper)["Location"]
    former = Endpoint.objects.get().secret
    keeper.get(place)
    keeper.post(f"{place}act/", {"act": "rotate"})
    endpoint = Endpoint.objects.get()
    assert endpoint.keys() == [endpoint.secret, former]
    shown = keeper.get(place).content.decode()
    assert endpoint.secret in shown
    assert former not in shown


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"url": "https://10.0.0.1/"}, "STUDYHUB_WEBHOOK_HOSTS"),
        ({"url": "http://oa.example.org/"}, "https://"),
        ({"events": []}, "至少选一种事件"),
        ({"events": ["webhook.test"]}, "有效"),
        ({"name": ""}, "必需字段"),
        ({"url": "https://oa.example.org/" + "a" * 500}, "500"),
    ],
    ids=["inside", "plain", "nothing", "unknown", "nameless", "long"],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(keeper, wrong, words):
    answer = made(keeper, **{"name": "区委平台", **wrong})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert wrong.get("name", "区委平台") in page
    assert not Endpoint.objects.exists()


def test_a_try_is_sent_shown_and_sent_again(keeper, settings, django_capture_on_commit_callbacks):
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    with receiving() as server, django_capture_on_commit_callbacks(execute=True):
        place = made(keeper, url=f"http://127.0.0.1:{server.server_port}/")["Location"]
        server.answers.append((500, {}))
        with django_capture_on_commit_callbacks(execute=True):
            keeper.post(f"{place}act/", {"act": "try"})
        message = Message.objects.get()
        shown = f"/cms/webhooks/messages/{message.pk}/"
        assert "对方答了 500" in keeper.get(shown).content.decode()
        with django_capture_on_commit_callbacks(execute=True):
            keeper.post(f"{shown}again/")
        first, second = server.got
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    Webhook(Endpoint.objects.get().secret).verify(second[2], second[1])
    page = keeper.get(shown).content.decode()
    assert "收下了（204）" in page
    assert "送到了" in keeper.get(place).content.decode()


def test_stopped_it_waits_and_goes_on_and_goes(keeper):
    place = made(keeper)["Location"]
    keeper.post(f"{place}act/", {"act": "stop"})
    assert "按了“暂停”" in keeper.get(place).content.decode()
    keeper.post(f"{place}act/", {"act": "resume"})
    assert not Endpoint.objects.get().is_paused
    assert (
        "没有这个操作"
        in keeper.post(f"{place}act/", {"act": "explode"}, follow=True).content.decode()
    )
    keeper.post(f"{place}act/", {"act": "delete"})
    assert not Endpoint.objects.exists()


def test_only_who_was_given_the_right_keeps_receivers(keeper, sign_in):
    place = made(keeper)["Location"]
    person = a_user("editor", "编辑", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="access_admin"))
    editor = sign_in(person)
    paths = ["/cms/webhooks/", "/cms/webhooks/add/", place]
    assert {editor.get(path).status_code for path in paths} <= {302, 403}
    assert editor.post(f"{place}act/", {"act": "delete"}).status_code in (302, 403)
    assert Endpoint.objects.exists()
    person.user_permissions.add(Permission.objects.get(codename="change_endpoint"))
    assert sign_in(type(person).objects.get(pk=person.pk)).get(place).status_code == 200


def test_the_feeds_name_the_hubs(keeper, client):
    assert 'rel="hub"' not in client.get("/feeds/lessons.rss").content.decode()
    made(keeper, kind="hub", url="https://hub.example.org/", events=[])
    for feed in ("lessons.rss", "videos.rss"):
        text = client.get(f"/feeds/{feed}").content.decode()
        assert '<atom:link href="https://hub.example.org/" rel="hub"/>' in text
    told = client.get("/feeds/lessons.json").json()["hubs"]
    assert told == [{"type": "WebSub", "url": "https://hub.example.org/"}]
