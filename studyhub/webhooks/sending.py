"""One message to its receiver: taken under a lease, sent at least once, written down."""

import logging
import socket
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import transaction

from studyhub.core import jobs
from studyhub.core.clock import database_now
from studyhub.webhooks import destinations, signing
from studyhub.webhooks.answers import Answer, of_status, wait_after
from studyhub.webhooks.models import Endpoint, Message, inner_hosts

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=2 * settings.CELERY_TASK_TIME_LIMIT)
CONNECT, READ = 5.0, 15.0
PAUSE_AFTER = timedelta(days=5)
CRASHES, KILLS = 3, "送这一条的时候，后台任务接连停了三次，先放在一边。"
KEPT_ANSWERS = 20
FEEDS = ("/feeds/lessons.rss", "/feeds/lessons.json", "/feeds/videos.rss")
State = Message.State


def send(message_id: UUID) -> None:
    """Safe to call any number of times; a message may arrive twice, with the same id."""
    seen = Message.objects.select_related("endpoint", "event").filter(pk=message_id).first()
    if seen is None or not _taken(seen):
        return
    fence = seen.fence + 1
    try:
        jobs.write(seen, fence, attempts=seen.attempts + 1)
        _note(seen, fence, Answer(words=KILLS) if seen.crashes >= CRASHES else _call(seen))
    except jobs.ClaimLost as lost:
        log.info("claim lost: %s", lost)


def _taken(seen: Message) -> bool:
    return jobs.take(seen, Message.objects.due(), until=database_now() + LEASE)


def _call(message: Message) -> Answer:
    """What came back; whatever goes wrong is an answer, too."""
    import httpx

    try:
        parts = destinations.checked(message.endpoint.url, inner_hosts())
        return _post(message, destinations.reach(parts, inner_hosts()))
    except destinations.NotAllowed as error:
        return Answer(words=error.detail)
    except httpx.TimeoutException:
        return Answer(words="对方太久没有答复。")
    except socket.gaierror:
        return Answer(words="找不到这个主机名，请核对网址。")
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        return Answer(words=f"连不上对方的服务器（{type(error).__name__}）。")


def _post(message: Message, address: str) -> Answer:
    """To that very address: a name that leads elsewhere a moment later is not asked again."""
    import httpx

    url = httpx.URL(message.endpoint.url)
    request: dict[str, Any] = {
        "content": _body(message),
        "headers": {"Host": url.netloc.decode(), **_headers(message)},
        "extensions": {"sni_hostname": url.host},
    }
    timeout = httpx.Timeout(READ, connect=CONNECT)
    with (
        httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client,
        client.stream("POST", url.copy_with(host=address), **request) as response,
    ):
        return of_status(response.status_code, response.headers.get("Retry-After", ""))


def _body(message: Message) -> bytes:
    if message.endpoint.kind == Endpoint.Kind.HUB:
        topics = [("hub.url", settings.PUBLIC_URL + feed) for feed in FEEDS]
        return urlencode([("hub.mode", "publish"), *topics]).encode()
    return message.event.body.encode()


def _headers(message: Message) -> dict[str, str]:
    if message.endpoint.kind == Endpoint.Kind.HUB:
        return {"Content-Type": "application/x-www-form-urlencoded"}
    seconds = int(database_now().timestamp())
    name = f"msg_{message.event_id.hex}"
    signed = signing.headers(message.endpoint.keys(), name, seconds, _body(message))
    return {"Content-Type": "application/json", "User-Agent": "studyhub-webhooks", **signed}


@transaction.atomic
def _note(message: Message, fence: int, answer: Answer) -> None:
    """How it stands now, and how the receiver does."""
    now = database_now()
    told = {"at": now.isoformat(), "status": answer.status, "words": answer.words}
    values: dict[str, Any] = {
        "answers": [*message.answers, told][-KEPT_ANSWERS:],
        "lease_owner": "",
        "lease_until": None,
    }
    values |= _outcome(message, answer, now)
    jobs.write(message, fence, **values)
    endpoint = Endpoint.objects.select_for_update().get(pk=message.endpoint_id)
    if answer.arrived:
        Endpoint.objects.filter(pk=endpoint.pk).update(failing_since=None)
    else:
        _note_failing(endpoint, answer, now)


def _outcome(message: Message, answer: Answer, now: datetime) -> dict[str, Any]:
    if answer.arrived:
        return {"state": State.DONE, "done_at": now, "not_before": None}
    over = answer.is_final or message.crashes >= CRASHES
    wait = None if over else wait_after(message.attempts, answer, now)
    if wait is None:
        return {"state": State.GIVEN_UP, "not_before": None}
    return {"not_before": now + wait}


def _note_failing(endpoint: Endpoint, answer: Answer, now: datetime) -> None:
    """A receiver that is gone, or silent for days, is left alone until a person looks."""
    since = endpoint.failing_since or now
    Endpoint.objects.filter(pk=endpoint.pk).update(failing_since=since)
    if answer.is_final:
        endpoint.pause(f"{answer.words}请问清楚，再按“恢复”。")
    elif now - since > PAUSE_AFTER:
        endpoint.pause("连着五天一条也没送到。请和对方核对地址与密钥，再按“恢复”。")


def send_again(message: Message) -> bool:
    """A person's button: the same event under the same id, from the first try on.

    False while a worker is just sending it.
    """
    return bool(
        Message.objects.filter(pk=message.pk)
        .exclude(lease_until__gt=database_now())
        .update(state=State.WAITING, attempts=0, not_before=None, crashes=0, done_at=None)
    )
