"""What packs do when a lesson is published, withdrawn or moved."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from content.signals import (
    lesson_moved,
    lesson_published,
    lesson_twins_changed,
    lesson_withdrawn,
)
from studyhub.core.hints import hint_after_commit
from studyhub.packs import tasks
from studyhub.packs.builder import withdraw


@receiver(lesson_published, dispatch_uid="packs.build_published")
def build_published(lesson_key: UUID, course: str, **kwargs: Any) -> None:
    _hint(lesson_key, course)


@receiver(lesson_withdrawn, dispatch_uid="packs.withdraw")
def withdraw_at_once(lesson_key: UUID, course: str, **kwargs: Any) -> None:
    """In the same transaction: what was taken down for a reason must leave phones."""
    withdraw(lesson_key)
    _hint(lesson_key, course)


@receiver(lesson_twins_changed, dispatch_uid="packs.follow_twins")
def follow_twins(lesson_key: UUID, **kwargs: Any) -> None:
    """What stands beside its blocks is in the pack."""
    hint_after_commit(tasks.build_pack.delay, str(lesson_key))


@receiver(lesson_moved, dispatch_uid="packs.follow_moves")
def follow_moves(lesson_key: UUID, course: str, **kwargs: Any) -> None:
    """Its address is in the pack."""
    hint_after_commit(tasks.build_pack.delay, str(lesson_key))


def _hint(lesson_key: UUID, course: str) -> None:
    """The whole course: every lesson names the ones that follow it."""
    hint_after_commit(tasks.build_course.delay, str(lesson_key), course)
