"""What is told when lessons come and go."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from content import catalogue
from content.signals import Withdrawal, lesson_published, lesson_withdrawn
from studyhub.webhooks.events import lesson_data, tell
from studyhub.webhooks.models import EventType


@receiver(lesson_published, dispatch_uid="webhooks.lesson_published")
def hear_published(lesson_key: UUID, revision: int, course: str, **kwargs: Any) -> None:
    """In the publisher's transaction: it is live and will be told, or neither."""
    newest = catalogue.newest_change(lesson_key)
    corrected = newest is not None and newest.revision == revision and newest.is_told
    kind = EventType.CORRECTED if corrected else EventType.PUBLISHED
    note = newest.note if newest and corrected else ""
    tell(kind, lesson_data(lesson_key, revision=revision, course=course, note=note))


@receiver(lesson_withdrawn, dispatch_uid="webhooks.lesson_withdrawn")
def hear_withdrawn(lesson_key: UUID, why: Withdrawal, course: str, **kwargs: Any) -> None:
    tell(EventType.WITHDRAWN, lesson_data(lesson_key, why=why.value, course=course))
