"""What study does when a lesson is published."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from content.signals import lesson_published
from studyhub.learning.progress import refresh_claims


@receiver(lesson_published, dispatch_uid="learning.refresh_claims")
def hear_published(lesson_key: UUID, revision: int, **kwargs: Any) -> None:
    """In the same transaction, so that nobody sees the lesson and not what they did of it."""
    refresh_claims(lesson_key, revision)
