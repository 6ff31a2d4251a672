"""What is told: an event is written once, with a message for everybody who asked for its kind.

Only what anybody may read on the pages, and how a delivery stands: no person is in it. The details
are one question to the API away.
"""

import json
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.utils import timezone

from studyhub.core.hints import hint_after_commit
from studyhub.webhooks.models import Endpoint, Event, EventType, Message

LESSON = frozenset({EventType.PUBLISHED, EventType.CORRECTED, EventType.WITHDRAWN})


def tell(kind: EventType, data: Mapping[str, Any]) -> Event | None:
    """Write it down for whoever wants it, in the caller's transaction; None if nobody does."""
    wanting = [one for one in Endpoint.without_secrets() if _wants(one, kind)]
    return tell_to(wanting, kind, data) if wanting else None


def _wants(endpoint: Endpoint, kind: EventType) -> bool:
    """A hub hears of whatever changes a feed."""
    if endpoint.kind == Endpoint.Kind.HUB:
        return kind in LESSON
    return kind.value in endpoint.events


def tell_to(endpoints: Iterable[Endpoint], kind: EventType, data: Mapping[str, Any]) -> Event:
    """The same for these alone."""
    now = timezone.now()
    told = {"type": kind.value, "timestamp": now.isoformat(), "data": data}
    body = json.dumps(told, ensure_ascii=False)
    event = Event.objects.create(type=kind, body=body, happened_at=now)
    made = [Message(event=event, endpoint=endpoint) for endpoint in endpoints]
    for message in Message.objects.bulk_create(made):
        hint_after_commit(partial(_hint, message.pk))
    return event


def _hint(message_id: UUID) -> None:
    """By the task's name: the tasks know of deliveries, and these tell by this module."""
    current_app.tasks["studyhub.webhooks.tasks.send_message"].delay(str(message_id))


def lesson_data(lesson_key: UUID, **more: Any) -> dict[str, Any]:
    """What every event of a lesson says."""
    api = f"{settings.PUBLIC_URL}/api/v1/lessons/{lesson_key}"
    return {"lesson": str(lesson_key), "api": api, **more}
