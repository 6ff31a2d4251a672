"""From something that happens to the receiver's door: signed, at least once, and written down."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import certifi
import pytest
from django.db import connection, transaction
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from studyhub.channels.models import Delivery
from studyhub.webhooks import deliveries, destinations, events, sending, tasks
from studyhub.webhooks.models import Endpoint, Event, EventType, Message
from tests.channels.factories import DeliveryFactory
from tests.factories import a_lesson
from tests.webhooks.receiver import HOST, certificate_for, receiving

pytestmark = pytest.mark.django_db
ALL = [kind for kind, _ in EventType.choices]
State = Message.State


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    with receiving() as server:
        yield server


def an_endpoint(server=None, **more):
    port = server.server_port if server else 9
    fields = {"name": "平台", "url": f"http://127.0.0.1:{port}/hook", "events": ALL}
    return Endpoint.objects.create(**{**fields, **more})


def a_message(endpoint):
    events.tell_to([endpoint], EventType.TEST, {})
    return Message.objects.get()


def sent(message):
    """Once more, whatever it waits for."""
    Message.objects.filter(pk=message.pk).update(not_before=None)
    sending.send(message.pk)
    message.refresh_from_db()
    return message


# --- what is told ---


def told():
    return [
        json.loads(body) for body in Event.objects.order_by("pk").values_list("body", flat=True)
    ]


def test_a_lesson_comes_is_corrected_and_goes(django_capture_on_commit_callbacks, receiver):
    endpoint = an_endpoint(receiver)
    with django_capture_on_commit_callbacks(execute=True):
        page = a_lesson()
        page.change_kind, page.change_note = "fact", "改了年份"
        page.title = "改过的课"
        page.save_revision().publish()
        page.unpublish()
    assert [event["type"] for event in told()] == ALL[:3]
    assert {event["data"]["lesson"] for event in told()} == {str(page.lesson_key)}
    assert [event["data"].get("revision") for event in told()] == [1, 2, None]
    assert told()[1]["data"]["note"] == "改了年份"
    assert [message.state for message in Message.objects.all()] == [State.DONE] * 3
    for _, headers, body in receiver.got:
        assert Webhook(endpoint.secret).verify(body, headers) in told()


def test_nobody_is_told_what_they_did_not_ask_for():
    an_endpoint(events=[EventType.WITHDRAWN.value])
    a_lesson()
    assert not Event.objects.exists()


def test_what_did_not_happen_is_not_told():
    """The row is written with what happened, in one transaction."""
    an_endpoint()
    with transaction.atomic():
        a_lesson()
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_a_hub_is_told_to_fetch_the_feeds(receiver, settings):
    endpoint = an_endpoint(receiver, kind=Endpoint.Kind.HUB, events=[])
    events.tell(EventType.CORRECTED, {})
    sending.send(Message.objects.get().pk)
    [(_, headers, body)] = receiver.got
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert body.startswith(b"hub.mode=publish&hub.url=http")
    assert body.count(b"hub.url") == 3
    assert "webhook-signature" not in headers
    assert endpoint.messages.get().state == State.DONE
    events.tell(EventType.DELIVERY, {})
    assert Message.objects.count() == 1


# --- deliveries ---


def test_each_change_of_a_delivery_is_told_once_whoever_wrote_it():
    an_endpoint()
    row = DeliveryFactory()
    assert (deliveries.tell_changed(), deliveries.tell_changed()) == (1, 0)
    Delivery.objects.filter(pk=row.pk).update(attempts=1)
    assert deliveries.tell_changed() == 0
    Delivery.objects.filter(pk=row.pk).update(state=Delivery.State.PUBLISHED)
    assert (deliveries.tell_changed(), deliveries.tell_changed()) == (1, 0)
    assert [event["data"]["state"] for event in told()] == ["queued", "published"]
    assert told()[1]["data"]["channel"] == row.account.key


def test_nothing_is_told_from_before_somebody_asked():
    DeliveryFactory()
    assert deliveries.tell_changed() == 0
    an_endpoint()
    assert deliveries.tell_changed() == 0


# --- how it is sent ---


def test_what_fails_comes_again_later_each_time_and_then_no_more(receiver):
    message = a_message(an_endpoint(receiver))
    receiver.answers.extend([(500, {})] * 20)
    waits = []
    while sent(message).state == State.WAITING:
        waits.append(message.not_before - timezone.now())
    assert (message.state, len(receiver.got)) == (State.GIVEN_UP, 11)
    rounded = [round(wait.total_seconds()) for wait in waits]
    assert rounded == sorted(rounded)
    assert waits[0] < timedelta(seconds=6)
    assert waits[-1] > timedelta(hours=23)
    assert {headers["webhook-id"] for _, headers, _ in receiver.got} == {
        f"msg_{message.event_id.hex}"
    }


def test_before_its_time_nothing_is_sent(receiver):
    message = a_message(an_endpoint(receiver))
    receiver.answers.append((500, {}))
    sending.send(message.pk)
    sending.send(message.pk)
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    ("asked", "at_least"), [("600", 590), ("soon", 4), ("9" * 30, 4), ("", 4)], ids=list("abcd")
)
def test_who_is_busy_says_for_how_long(receiver, asked, at_least):
    message = a_message(an_endpoint(receiver))
    receiver.answers.append((429, {"Retry-After": asked}))
    wait = (sent(message).not_before - timezone.now()).total_seconds()
    assert at_least <= wait <= max(at_least + 12, 10)


def test_a_redirection_is_not_followed(receiver):
    message = a_message(an_endpoint(receiver))
    address = f"http://127.0.0.1:{receiver.server_port}/elsewhere"
    receiver.answers.append((307, {"Location": address}))
    assert sent(message).state == State.WAITING
    assert [path for path, _, _ in receiver.got] == ["/hook"]
    assert "转到别的地址" in message.answers[0]["words"]


def test_who_is_gone_is_left_alone(receiver):
    message = a_message(an_endpoint(receiver))
    receiver.answers.append((410, {}))
    assert sent(message).state == State.GIVEN_UP
    endpoint = Endpoint.objects.get()
    assert endpoint.is_paused
    events.tell_to([endpoint], EventType.TEST, {})
    assert not Message.objects.due().exists()
    endpoint.resume()
    assert Message.objects.due().count() == 1


def test_five_days_of_silence_pause_and_one_arrival_ends_the_count(receiver):
    endpoint = an_endpoint(receiver, failing_since=timezone.now() - timedelta(days=6))
    message = a_message(endpoint)
    sent(message)
    endpoint.refresh_from_db()
    assert (endpoint.failing_since, endpoint.is_paused) == (None, False)
    Endpoint.objects.update(failing_since=timezone.now() - timedelta(days=6))
    receiver.answers.append((500, {}))
    sending.send_again(message)
    sent(message)
    endpoint.refresh_from_db()
    assert endpoint.is_paused


def test_nobody_there_is_said_in_chinese(settings):
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]
    assert sent(a_message(an_endpoint())).answers[0]["words"].startswith("连不上对方的服务器")


def test_a_name_that_nobody_has_is_said_in_chinese(settings):
    settings.WEBHOOK_HOSTS = ["nobody.invalid"]
    endpoint = an_endpoint(url="http://nobody.invalid/hook")
    assert sent(a_message(endpoint)).answers[0]["words"].startswith("找不到这个主机名")


def test_an_address_that_moved_inside_since_it_was_typed_is_not_called(receiver, settings):
    message = a_message(an_endpoint(receiver))
    settings.WEBHOOK_HOSTS = []
    sent(message)
    assert receiver.got == []
    assert message.answers[0]["status"] == 0


def test_what_kills_its_worker_three_times_is_put_aside(receiver):
    message = a_message(an_endpoint(receiver))
    Message.objects.update(crashes=3)
    assert sent(message).state == State.GIVEN_UP
    assert receiver.got == []


def test_both_secrets_hold_for_a_day(receiver):
    endpoint = an_endpoint(receiver)
    former = endpoint.secret
    endpoint.rotate()
    sent(a_message(endpoint))
    [(_, headers, body)] = receiver.got
    for secret in (former, endpoint.secret):
        Webhook(secret).verify(body, headers)
    Endpoint.objects.update(former_until=timezone.now())
    assert Endpoint.objects.get().keys() == [endpoint.secret]


@pytest.mark.django_db(transaction=True)
def test_of_five_workers_one_sends(receiver):
    message = a_message(an_endpoint(receiver))

    def work(_):
        sending.send(message.pk)
        connection.close()

    Message.objects.update(state=State.WAITING, not_before=None)
    receiver.got.clear()
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(work, range(5)))
    assert len(receiver.got) == 1


def test_the_sweep_finds_what_nobody_was_told_of(receiver):
    message = a_message(an_endpoint(receiver))
    Message.objects.update(lease_until=timezone.now() - timedelta(minutes=1), lease_owner="dead")
    tasks.sweep_messages()
    message.refresh_from_db()
    assert message.state == State.DONE


def test_what_is_old_is_forgotten(receiver):
    sent(a_message(an_endpoint(receiver)))
    Event.objects.update(happened_at=timezone.now() - timedelta(days=91))
    tasks.forget_messages()
    assert not Message.objects.exists()


# --- over TLS, to the address that was judged ---


@pytest.mark.parametrize("name", [HOST, "other.test"])
def test_the_certificate_is_that_of_the_name_though_the_address_is_called(
    name, tmp_path, monkeypatch, settings
):
    certificate = certificate_for(name, tmp_path / "one.pem")
    monkeypatch.setattr(certifi, "where", lambda: str(certificate))
    settings.WEBHOOK_HOSTS = [HOST]
    with receiving(certificate) as server:
        found = [(2, 1, 6, "", ("127.0.0.1", server.server_port))]
        monkeypatch.setattr(destinations.socket, "getaddrinfo", lambda *args, **more: found)
        url = f"https://{HOST}:{server.server_port}/hook"
        message = sent(a_message(an_endpoint(url=url)))
        monkeypatch.undo()
    assert (message.state == State.DONE) is (name == HOST)
    assert [headers["Host"].partition(":")[0] for _, headers, _ in server.got] == (
        [HOST] if name == HOST else []
    )


def test_the_secret_is_in_no_row_as_it_is():
    endpoint = an_endpoint()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM webhooks_endpoint")
        assert endpoint.secret.removeprefix("whsec_") not in cursor.fetchone()[0]
