"""The sandbox calls back as the platform does: in its modes, again and again, or not at all."""

import json

import httpx
import pytest
from django.core.wsgi import get_wsgi_application

from studyhub.channels.models import Delivery, InboxMessage
from studyhub.channels.worker.run import run
from studyhub.sandbox import callbacks, pushes
from studyhub.sandbox.models import App, Call, Fault, Push
from tests.channels import world
from tests.channels.callbacks import KEY, TOKEN, an_account
from tests.channels.factories import DeliveryFactory

URL = "http://127.0.0.1:8000/hooks/wechat/wechat-main"
pytestmark = pytest.mark.django_db
KINDS = Fault.Kind


class Door:
    """Lets calls through to this process, or not."""

    def __init__(self):
        self.open, self.bodies = True, []
        self.ours = httpx.WSGITransport(app=get_wsgi_application())

    def __call__(self, request):
        self.bodies.append((str(request.url), request.content))
        if not self.open:
            raise httpx.ConnectError("away")
        return self.ours.handle_request(request)


@pytest.fixture
def door(monkeypatch, settings, one_connection):
    door = Door()
    monkeypatch.setattr(pushes, "make_transport", lambda: httpx.MockTransport(door))
    world.stop_waiting(settings)
    world.reach_sandbox(settings, monkeypatch)
    return door


def steer(client, name, **body):
    return client.post(f"/sandbox/control/{name}", json.dumps(body), "application/json")


def enter_callback(client, mode="safe", form="xml", **values):
    told = {"url": URL, "token": TOKEN, "aes_key": KEY, "mode": mode, "form": form, **values}
    return steer(client, "account", app_id="wx-test", secret="not-a-real-secret", callback=told)


@pytest.fixture
def in_review(door, client, django_capture_on_commit_callbacks):
    """A delivery that the platform has taken, and that nobody would ask about for an hour."""

    def carry(mode="safe", form="xml"):
        an_account(mode)
        world.platform_account()
        enter_callback(client, mode, form)
        App.objects.update(publish_delay=3600)
        row = DeliveryFactory(account__key="wechat-main")
        for _ in range(6):
            run(row.pk)
        App.objects.update(publish_delay=0)
        row.refresh_from_db()
        assert row.state == Delivery.State.IN_REVIEW
        Delivery.objects.update(not_before="2099-01-01T00:00:00Z")
        return row

    return carry


def end_job(client, captured):
    """The platform's clock has moved on, and somebody looks."""
    steer(client, "clock", seconds=4000)
    with captured(execute=True):
        client.get("/sandbox/control/state")


@pytest.mark.parametrize("mode", callbacks.MODES)
@pytest.mark.parametrize("form", callbacks.FORMS)
def test_a_publication_is_confirmed_by_the_callback(
    in_review, client, django_capture_on_commit_callbacks, mode, form
):
    row = in_review(mode, form)
    end_job(client, django_capture_on_commit_callbacks)
    row.refresh_from_db()
    assert row.state == Delivery.State.PUBLISHED
    assert InboxMessage.objects.get().outcome == InboxMessage.Outcome.WOKEN
    assert Call.objects.filter(path="callback", errcode=0).count() == 1


@pytest.mark.parametrize(("kind", "calls"), [(KINDS.DOUBLE, 2), (KINDS.TRIPLE, 3), (KINDS.LATE, 1)])
def test_what_comes_again_and_again_is_one_publication(
    in_review, client, django_capture_on_commit_callbacks, door, kind, calls
):
    row = in_review()
    steer(client, "fault", path="callback", kind=kind)
    end_job(client, django_capture_on_commit_callbacks)
    row.refresh_from_db()
    assert row.state == Delivery.State.PUBLISHED
    assert len(door.bodies) == calls
    assert len({*door.bodies}) == 1  # byte for byte
    assert InboxMessage.objects.count() == 1


def test_a_mass_send_instead_is_as_good(in_review, client, django_capture_on_commit_callbacks):
    row = in_review()
    steer(client, "fault", path="callback", kind=KINDS.MASS_SEND)
    end_job(client, django_capture_on_commit_callbacks)
    row.refresh_from_db()
    assert row.state == Delivery.State.PUBLISHED


def test_a_lost_callback_loses_nothing(in_review, client, django_capture_on_commit_callbacks, door):
    row = in_review()
    steer(client, "fault", path="callback", kind=KINDS.LOST)
    end_job(client, django_capture_on_commit_callbacks)
    assert door.bodies == []
    Delivery.objects.update(not_before=None)
    run(row.pk)
    row.refresh_from_db()
    assert row.state == Delivery.State.PUBLISHED


def test_who_does_not_answer_is_called_three_times_more(
    in_review, client, django_capture_on_commit_callbacks, door
):
    in_review()
    door.open = False
    end_job(client, django_capture_on_commit_callbacks)
    assert Push.objects.get().tries == 4
    assert len({*door.bodies}) == 1
    assert InboxMessage.objects.count() == 0


def test_without_an_address_nobody_is_called(door, client, django_capture_on_commit_callbacks):
    app = world.platform_account()
    pushes.announce(app.jobs.model(app=app))
    assert not Push.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"url": "http://198.51.100.7/hooks/wechat/a"},
        {"url": "http://localhost.example.org/"},
        {"url": ""},
        {"token": ""},
        {"mode": "secret"},
        {"form": "yaml"},
        {"aes_key": "short"},
        {"colour": "red"},
    ],
    ids=range(8),
)
def test_a_callback_that_makes_no_sense_is_refused(client, values):
    assert enter_callback(client, **values).status_code == 400


def test_what_is_shown_of_the_callback_is_no_secret(client):
    enter_callback(client)
    shown = client.get("/sandbox/control/state").content.decode()
    assert URL in shown
    assert TOKEN not in shown
    assert KEY not in shown


@pytest.mark.parametrize("mode", callbacks.MODES)
def test_a_follower_writes_and_reads_the_answer(door, client, settings, mode):
    an_account(mode)
    enter_callback(client, mode)
    told = steer(client, "message", app_id="wx-test", text="我的进度").json()
    assert told["answer"].endswith(f"{settings.PUBLIC_URL}/me/")
    pressed = steer(client, "message", app_id="wx-test", click="报名").json()
    assert "/join/" in pressed["answer"]


def test_nobody_writes_to_an_account_without_a_callback(client):
    assert steer(client, "message", app_id="wx-none", text="x").status_code == 400


def test_outside_the_demo_nothing_is_called(door, client, settings):
    enter_callback(client)
    app = App.objects.get()
    row = Push.objects.create(app=app, event="x", query={}, body="", written_at=pushes.Clock.now())
    settings.SANDBOX = False
    pushes.send(row.pk)
    assert door.bodies == []
