"""A platform that calls us, as the sandbox writes it, against the views of this process."""

import time
from urllib.parse import urlencode

from studyhub.core.hints import JoinedHints
from studyhub.sandbox import callbacks
from studyhub.web.views import callbacks as views
from tests.channels.factories import APP_ID, APP_SECRET, AccountFactory

TOKEN = "canary-token-of-the-console"
KEY = "canaryCanaryCanaryCanaryCanaryCanaryCanary0"
OLD_KEY = "formerFormerFormerFormerFormerFormerFormer0"
FOLLOWER = "oFollowerFollowerFollowerFol"
WAYS = [(mode, form) for mode in callbacks.MODES for form in callbacks.FORMS]


def tell_by(monkeypatch, tell):
    """What is done in place of telling a worker."""
    monkeypatch.setattr(views, "hints", JoinedHints(tell))


def an_account(mode="safe", **more):
    """Ours, with everything that the console asks for."""
    secrets = {"app_id": APP_ID, "app_secret": APP_SECRET, "token": TOKEN, "callback_mode": mode}
    return AccountFactory(secrets={**secrets, "aes_key": KEY, **more})


def target(mode="safe", form="xml", **values):
    """The same account as the platform's console knows it."""
    known = {"token": TOKEN, "aes_key": KEY, "mode": mode, "form": form, **values}
    return callbacks.Target(app_id=APP_ID, url="http://127.0.0.1/", **known)


def event(name, at=1_700_000_000, **fields):
    """Something has happened."""
    who = {"ToUserName": "gh_1", "FromUserName": FOLLOWER, "CreateTime": at}
    return {**who, "MsgType": "event", "Event": name, **fields}


def job_ended(number="7", status=0, **fields):
    """A submission has come to its end."""
    told = {"publish_id": number, "publish_status": status, "article_id": "a1"}
    return event("PUBLISHJOBFINISH", PublishEventInfo=told, **fields)


def text(words, number=1, **fields):
    """Somebody wrote."""
    who = {"ToUserName": "gh_1", "FromUserName": FOLLOWER, "CreateTime": 1_700_000_000}
    return {**who, "MsgType": "text", "Content": words, "MsgId": number, **fields}


def request_of(fields, to, at=None, nonce="n1"):
    """Query and body, to be sent as they are or changed by a hostile hand."""
    return callbacks.request_of(to, fields, int(at or time.time()), nonce)


def address(query, key="wechat-main", kind="wechat"):
    """Where the console says that it is to be sent."""
    return f"/hooks/{kind}/{key}?{urlencode(query)}"


def post(client, query, body, **where):
    """As it stands."""
    return client.post(address(query, **where), body, content_type="text/xml")


def send(client, fields, to, at=None, nonce="n1"):
    """One call of the platform's."""
    return post(client, *request_of(fields, to, at, nonce))
