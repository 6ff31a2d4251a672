"""Douyin's callbacks: signed over the bytes, in any order, as often as it likes."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studyhub.channels.adapters.douyin.callbacks import DouyinReceiver, content_of, signature
from studyhub.channels.callback_ports import CallbackRefused, Incoming, Topic
from studyhub.channels.models import InboxMessage
from tests.channels.factories import AccountFactory

SECRET = "canary-client-secret"
OPEN_ID = "canary-open-id"
VIDEO = {"item_id": "@9VwK", "share_id": "7", "video_id": 6_900_000_000_000_000_001}


def body_of(event="create_video", content=None, **more):
    told = {"event": event, "from_user_id": OPEN_ID, "client_key": "ck", **more}
    return json.dumps({**told, "content": VIDEO if content is None else content}).encode()


def read(body, mark=None, number="m1"):
    headers = {"x-douyin-signature": mark or signature(SECRET, body), "msg-id": number}
    return DouyinReceiver({"client_secret": SECRET}).read(Incoming("POST", {}, headers, body, 0))


def test_the_signature_is_sha1_over_secret_and_bytes():
    body = b'{"event": "x"}'
    plain = hashlib.sha1(SECRET.encode() + body, usedforsecurity=False).hexdigest()
    assert signature(SECRET, body) == plain


@pytest.mark.parametrize("challenge", [12345, "12345", "一"])
@pytest.mark.parametrize("packed", [False, True])
def test_the_challenge_comes_back_as_what_it_was(challenge, packed):
    content = json.dumps({"challenge": challenge}) if packed else {"challenge": challenge}
    message = read(body_of("verify_webhook", content))
    assert message.topic == Topic.CHECK
    assert json.loads(message.reply("").body) == {"challenge": challenge}


@pytest.mark.parametrize("content", [{}, {"challenge": None}, {"challenge": [1]}, "no json", 7])
def test_a_trial_without_a_challenge_is_refused(content):
    with pytest.raises(CallbackRefused):
        read(body_of("verify_webhook", content))


@pytest.mark.parametrize("packed", [False, True])
def test_content_is_an_object_or_json_in_a_string(packed):
    message = read(body_of(content=json.dumps(VIDEO) if packed else VIDEO))
    assert (message.topic, message.submission_id) == (Topic.JOB_ENDED, "7")
    assert message.facts["video_id"] == "6900000000000000001"
    assert OPEN_ID not in repr(message)


@given(st.data())
def test_no_byte_may_change(data):
    body = body_of()
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda value: value != body[place]))
    with pytest.raises(CallbackRefused):
        read(body[:place] + bytes([other]) + body[place + 1 :], signature(SECRET, body))


@given(st.binary(max_size=300))
def test_whatever_is_signed_is_read_or_refused(body):
    try:
        assert read(body).reply("").body
    except CallbackRefused:
        return


@given(
    st.recursive(
        st.none() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: st.dictionaries(st.text(max_size=9), inner, max_size=3),
    )
)
def test_whatever_content_comes_is_an_object(content):
    assert isinstance(content_of({"content": content}), dict)


def test_without_a_secret_everything_is_refused():
    body = body_of()
    with pytest.raises(CallbackRefused):
        DouyinReceiver({}).read(Incoming("POST", {}, {"x-douyin-signature": "x"}, body, 0))


# --- through the address ---


@pytest.fixture
def account(db):
    return AccountFactory(kind="douyin", key="dy", secrets={"client_secret": SECRET})


def send(client, body, mark=None, number="m1"):
    headers = {"X-Douyin-Signature": mark or signature(SECRET, body), "Msg-Id": number}
    return client.post("/hooks/douyin/dy", body, content_type="application/json", headers=headers)


def test_the_address_answers_the_trial(client, account):
    answer = send(client, body_of("verify_webhook", {"challenge": 12345}))
    assert (answer.status_code, answer.json()) == (200, {"challenge": 12345})
    assert not InboxMessage.objects.exists()


def test_a_repeat_is_known_by_its_number(client, account):
    for number in ("m1", "m1", "m2"):
        assert send(client, body_of(), number=number).status_code == 200
    assert InboxMessage.objects.count() == 2
    assert OPEN_ID not in str(list(InboxMessage.objects.values()))


def test_a_wrong_signature_is_refused_without_a_word(client, account):
    answer = send(client, body_of(), signature("guessed", body_of()))
    assert (answer.status_code, answer.content) == (403, b"")


def test_a_get_proves_nothing(client, account):
    assert client.get("/hooks/douyin/dy").status_code == 403
