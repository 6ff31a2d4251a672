"""What study does when a lesson is published, and when something changes on the ledger."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from content.signals import lesson_published
from studyhub.core.signals import (
    database_current,
    exemption_changed,
    home_ties_changed,
    members_merged,
)
from studyhub.learning.counter_upkeep import begin_counts
from studyhub.learning.counters import count_exemption, count_ties
from studyhub.learning.progress import refresh_claims, unite_progress
from studyhub.people.models import HomeTie, Member


@receiver(lesson_published, dispatch_uid="learning.refresh_claims")
def hear_published(lesson_key: UUID, revision: int, **kwargs: Any) -> None:
    """In the same transaction, so that nobody sees the lesson and not what they did of it."""
    refresh_claims(lesson_key, revision)


@receiver(members_merged, dispatch_uid="learning.unite_study")
def hear_merged(kept: Member, other: Member, **kwargs: Any) -> None:
    """Records first, progress follows from them."""
    unite_progress(kept, other)


@receiver(home_ties_changed, dispatch_uid="learning.count_ties")
def hear_home_ties(before: list[HomeTie], after: list[HomeTie], **kwargs: Any) -> None:
    count_ties(before, after)


@receiver(exemption_changed, dispatch_uid="learning.count_exemption")
def hear_exemption(member_id: int, exempt: bool, **kwargs: Any) -> None:
    count_exemption(member_id, exempt=exempt)


@receiver(database_current, dispatch_uid="learning.begin_counts")
def hear_database_current(**kwargs: Any) -> None:
    begin_counts()
