"""What a platform sends: verified, kept once, answered at once; and a delivery is looked at."""

import hashlib
import time

import pytest

from studyhub.channels import tasks
from studyhub.channels.models import Delivery, InboxMessage
from tests.channels.factories import APP_ID, AccountFactory, DeliveryFactory

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-console"
JOB = """<xml><ToUserName><![CDATA[gh_1]]></ToUserName>
<FromUserName><![CDATA[oUser]]></FromUserName><CreateTime>1700000000</CreateTime>
<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[PUBLISHJOBFINISH]]></Event>
<PublishEventInfo><publish_id>7</publish_id><publish_status>0</publish_status>
<article_id><![CDATA[a1]]></article_id></PublishEventInfo></xml>"""


def signed(at=None, token=TOKEN):
    moment, nonce = str(int(at or time.time())), "n1"
    text = "".join(sorted((token, moment, nonce)))
    mark = hashlib.sha1(text.encode()).hexdigest()
    return {"signature": mark, "timestamp": moment, "nonce": nonce}


def address(query, key="wechat-main"):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/hooks/wechat/{key}?{asked}"


def send(client, body, query=None, **where):
    return client.post(address(query or signed(), **where), body, content_type="text/xml")


@pytest.fixture(autouse=True)
def hinted(monkeypatch):
    """The deliveries that a worker was told of."""
    told = []
    monkeypatch.setattr(tasks, "hint", told.append)
    return told


@pytest.fixture
def account(db):
    secrets = {"app_id": APP_ID, "app_secret": "x", "token": TOKEN, "callback_mode": "plain"}
    return AccountFactory(secrets=secrets)


def test_the_console_gets_its_echo(client, account):
    answer = client.get(address({**signed(), "echostr": "9876"}))
    assert (answer.status_code, answer.content) == (200, b"9876")
    assert answer["Content-Type"].startswith("text/plain")
    assert not InboxMessage.objects.exists()


def test_the_end_of_a_job_is_kept_and_its_delivery_is_looked_at(client, account, hinted):
    delivery = DeliveryFactory(account=account, in_review=True, not_before="2099-01-01T00:00Z")
    with_row = send(client, JOB)
    assert (with_row.status_code, with_row.content) == (200, b"success")
    row = InboxMessage.objects.get()
    delivery.refresh_from_db()
    assert row.outcome == InboxMessage.Outcome.WOKEN
    assert row.facts == {"publish_id": "7", "publish_status": "0", "article_id": "a1"}
    assert hinted == [delivery.pk]
    assert (delivery.not_before, delivery.state) == (None, Delivery.State.IN_REVIEW)


def test_a_signature_that_is_not_ours_is_refused_without_a_word(client, account):
    answer = send(client, JOB, signed(token="guessed"))
    assert (answer.status_code, answer.content) == (403, b"")
    assert not InboxMessage.objects.exists()
