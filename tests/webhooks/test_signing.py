"""Signatures as Standard Webhooks writes them, against its own library and its own numbers."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from studyhub.webhooks import signing

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_the_numbers_of_the_standard():
    signed = signing.signature(
        SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_as_long_as_the_standard_wants_and_never_twice_the_same():
    made = {signing.new_secret() for _ in range(20)}
    assert len(made) == 20
    assert {len(base64.b64decode(one.removeprefix("whsec_"))) for one in made} == {32}


@given(body=st.text().map(lambda text: text.encode("utf-8", "replace")))
def test_the_library_of_the_standard_takes_ours(body):
    secret, now = signing.new_secret(), int(datetime.now(UTC).timestamp())
    signed = signing.headers([signing.new_secret(), secret], "msg_1", now, body)
    Webhook(secret).verify(body, signed, json_parse=False)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": "1614265330"},
        {"webhook-signature": "v1,AA=="},
    ],
    ids=["id", "time", "signature"],
)
def test_and_takes_no_other(changed):
    secret, now = signing.new_secret(), int(datetime.now(UTC).timestamp())
    signed = signing.headers([secret], "msg_1", now, b"{}")
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(b"{}", {**signed, **changed})
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(b"[]", signed)
