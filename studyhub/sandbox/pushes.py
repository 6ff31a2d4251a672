"""The emulated platform calls: when a job has ended, and when a follower writes.

Only in the demo, and only addresses of this machine. Each call is a row, so that it can be repeated
byte for byte, as the platform does when nobody answers in time.
"""

import secrets
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import F

from studyhub.sandbox import callbacks, faults
from studyhub.sandbox.models import App, Clock, Fault, Job, Push

if TYPE_CHECKING:
    import httpx

PATH = "callback"  # of faults and in the journal
PATIENCE, TRIES, APART = 5.0, 4, 5.0  # seconds, calls, seconds
COPIES = {Fault.Kind.LOST: 0, Fault.Kind.DOUBLE: 2, Fault.Kind.TRIPLE: 3}
ACCOUNT, PLATFORM, FOLLOWER = "gh_sandbox", "oSandboxPlatform", "oSandboxFollower"


def make_transport() -> "httpx.BaseTransport | None":
    """None is the real network; tests put something else here."""
    return None


def target_of(app: App) -> callbacks.Target | None:
    """Where the account's callbacks go; None while nobody has said so."""
    return callbacks.Target(app.app_id, **app.callback) if app.callback else None


def announce(job: Job) -> None:
    """The job has ended: the event that says so, once the end is there to be asked for."""
    target = target_of(job.app)
    if target is None:
        return
    fault = faults.take(PATH, job.app.app_id)
    kind = Fault.Kind(fault.kind) if fault else None
    fields = _mass_send(job) if kind == Fault.Kind.MASS_SEND else _end_of(job)
    push = _write(job.app, target, fields)
    late = fault.seconds if fault and kind == Fault.Kind.LATE else 0.0
    if kind == Fault.Kind.LOST:
        faults.note_call(job.app.app_id, PATH, 0, kind)
    for _ in range(COPIES.get(kind, 1) if kind else 1):
        transaction.on_commit(partial(send.apply_async, (push.pk,), countdown=late))


def follower_writes(app: App, fields: dict[str, Any]) -> str:
    """A message or a press of the menu; returns what the follower reads."""
    target = target_of(app)
    if target is None:
        return ""
    now = int(Clock.now().timestamp())
    told = {"ToUserName": ACCOUNT, "FromUserName": FOLLOWER, "CreateTime": now, **fields}
    push = _write(app, target, told)
    _call(push)
    return callbacks.words_in(target, push.answer.encode()) if push.status == 200 else ""


@shared_task
def send(push_id: int) -> None:
    """Call; what is not answered in time is sent again, three times at most."""
    push = Push.objects.select_related("app").filter(pk=push_id).first()
    if push is None or not settings.SANDBOX:
        return
    _call(push)
    if push.status != 200 and push.tries < TRIES:
        send.apply_async((push_id,), countdown=APART)


def _call(push: Push) -> None:
    """One call; no answer is status 0."""
    import httpx  # 3 MB, only when something is sent

    push.tries = F("tries") + 1
    url = push.app.callback.get("url", "")
    headers = {"Content-Type": push.content_type}
    with httpx.Client(transport=make_transport(), timeout=PATIENCE) as client:
        try:
            body = push.body.encode()
            answer = client.post(url, params=push.query, content=body, headers=headers)
            push.status, push.answer = answer.status_code, answer.text[:5000]
        except (httpx.HTTPError, httpx.InvalidURL):
            push.status, push.answer = 0, ""
    push.save()
    push.refresh_from_db()
    faults.note_call(push.app.app_id, PATH, 0 if push.status == 200 else push.status or -1)


def _write(app: App, target: callbacks.Target, fields: dict[str, Any]) -> Push:
    # Whoever is called has no clock that somebody moves.
    at, nonce = int(time.time()), secrets.token_hex(5)
    query, body = callbacks.request_of(target, fields, at, nonce)
    return Push.objects.create(
        app=app,
        event=str(fields.get("Event") or fields["MsgType"]),
        query=query,
        body=body,
        content_type=callbacks.CONTENT_TYPES[target.form],
        written_at=Clock.now(),
    )


def _event(name: str) -> dict[str, Any]:
    now = int(Clock.now().timestamp())
    who = {"ToUserName": ACCOUNT, "FromUserName": PLATFORM, "CreateTime": now}
    return {**who, "MsgType": "event", "Event": name}


def _end_of(job: Job) -> dict[str, Any]:
    told: dict[str, Any] = {"publish_id": job.number, "publish_status": job.status}
    if job.status == 0:
        item = {"idx": 1, "article_url": job.article.url}
        told["article_id"] = job.article.article_id
        told["article_detail"] = {"count": 1, "item": item}
    elif job.status in (2, 4):
        told["fail_idx"] = [1]
    return {**_event("PUBLISHJOBFINISH"), "PublishEventInfo": told}


def _mass_send(job: Job) -> dict[str, Any]:
    """What one account got instead: no publish_id, and the address in another place."""
    found = [{"ArticleIdx": 1, "ArticleUrl": job.article.url}] if job.status == 0 else []
    results = {"Count": len(found), "ResultList": {"item": found}}
    status = "send success" if job.status == 0 else f"err({20000 + job.status})"
    told = {"MsgID": job.message_number, "Status": status, "ArticleUrlResult": results}
    return {**_event("MASSSENDJOBFINISH"), **told}
