"""What channels do when a lesson is published."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from content import catalogue
from content.signals import lesson_published
from studyhub.channels.requests import deliver_picked


@receiver(lesson_published, dispatch_uid="channels.deliver_picked")
def deliver_published_lesson(lesson_key: UUID, revision: int, **kwargs: Any) -> None:
    """In the publisher's transaction: the lesson is live with its deliveries, or not at all."""
    if catalogue.is_open(lesson_key):
        deliver_picked(lesson_key, revision)
