"""What study does when a lesson is published, and when two entries of one person become one."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from content.signals import lesson_published
from studyhub.core.signals import members_merged
from studyhub.learning.progress import refresh_claims, unite_progress
from studyhub.people.models import Member


@receiver(lesson_published, dispatch_uid="learning.refresh_claims")
def hear_published(lesson_key: UUID, revision: int, **kwargs: Any) -> None:
    """In the same transaction, so that nobody sees the lesson and not what they did of it."""
    refresh_claims(lesson_key, revision)


@receiver(members_merged, dispatch_uid="learning.unite_study")
def hear_merged(kept: Member, other: Member, **kwargs: Any) -> None:
    """Records first, progress follows from them."""
    unite_progress(kept, other)
