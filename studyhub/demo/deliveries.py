"""What the demo's board shows: lessons on their way to channels, each at another point of it.

Asked for as a publisher asks and carried by the worker's own code; WeChat is our sandbox, which
answers in this process because nothing serves it yet.
"""

from datetime import datetime, timedelta
from uuid import UUID

import httpx
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from content import catalogue
from studyhub.channels import connections, requests
from studyhub.channels.models import Delivery
from studyhub.channels.worker.run import run
from studyhub.demo.channels import ACCOUNTS, callback_told_to_the_platform
from studyhub.people.models import User

WECHAT, BY_HAND, GROUP = "wechat-demo", "toutiao-demo", "group-demo"
ROBOT = "wecom-demo"
IN_DAYS = timedelta(days=3)
NOT_PASSED = 4  # publish_status of the platform: its review says no
PASTED = "https://example.org/yanshi-qunfa"


def load_deliveries() -> None:
    """Only where there is none yet: safe to repeat, and what people did since stays."""
    if Delivery.objects.exists():
        return
    lessons = [card.lesson_key for card in catalogue.lessons()]
    transport = httpx.WSGITransport(app=get_wsgi_application())
    with connections.through(transport), httpx.Client(transport=transport) as client:
        _send(lessons[0], BY_HAND)
        requests.handoff(_send(lessons[1], GROUP).pk, url=PASTED, by=_publisher())
        for lesson, outcome in ((lessons[2], NOT_PASSED), (lessons[3], 0)):
            _script(client, outcome)
            _send(lesson, WECHAT)
        _send(lessons[4], ROBOT)
        _take_away(requests.handoff(_send(lessons[5], BY_HAND).pk, url=PASTED, by=_publisher()))
        requests.cancel(_send(lessons[6], BY_HAND).pk, by=_publisher())
        _ask(lessons[7], WECHAT, publish_at=timezone.now() + IN_DAYS)


def _take_away(delivery: Delivery) -> None:
    """Somebody has deleted the post at the platform and said so."""
    requests.confirm_removed(delivery.pk, by=_publisher())


def _script(client: httpx.Client, outcome: int) -> None:
    """What the sandbox will say of the next submission, a few seconds after it."""
    _, values = ACCOUNTS[WECHAT]
    told = {"app_id": values["app_id"], "secret": values["app_secret"], "outcome": outcome}
    told["callback"] = callback_told_to_the_platform(WECHAT)
    answer = client.post(f"{settings.PUBLIC_URL}/sandbox/control/account", json=told)
    answer.raise_for_status()


def _send(lesson_key: UUID, account_key: str) -> Delivery:
    delivery = _ask(lesson_key, account_key)
    run(delivery.pk)
    delivery.refresh_from_db()
    return delivery


def _ask(lesson_key: UUID, account_key: str, publish_at: datetime | None = None) -> Delivery:
    delivery, _ = requests.request_delivery(
        lesson_key=lesson_key,
        account_key=account_key,
        action=Delivery.Action.PUBLISH,
        publish_at=publish_at,
        requested_by=_publisher(),
    )
    return delivery


def _publisher() -> User:
    return User.objects.get(username="publisher")
