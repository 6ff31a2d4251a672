"""What channels do when a lesson is published or taken down."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver

from content import catalogue
from content.signals import channels_narrowed, lesson_filmed, lesson_published, lesson_withdrawn
from studyhub.channels.requests import deliver_picked
from studyhub.channels.restores import pause_after_restore
from studyhub.channels.withdrawals import (
    reopen_lesson,
    withdraw_lesson,
    withdraw_without_consent,
)
from studyhub.core.signals import database_restored


@receiver(lesson_published, dispatch_uid="channels.deliver_picked")
def deliver_published_lesson(lesson_key: UUID, revision: int, **kwargs: Any) -> None:
    """In the publisher's transaction: the lesson is live with its deliveries, or not at all."""
    if catalogue.is_open(lesson_key):
        reopen_lesson(lesson_key)
        withdraw_without_consent(lesson_key)
        deliver_picked(lesson_key, revision)


@receiver(lesson_filmed, dispatch_uid="channels.deliver_filmed")
def deliver_filmed_lesson(lesson_key: UUID, revision: int, **kwargs: Any) -> None:
    """What was ticked for channels that wait for the film."""
    if catalogue.is_open(lesson_key) and catalogue.lesson(lesson_key).revision == revision:
        deliver_picked(lesson_key, revision)


@receiver(lesson_withdrawn, dispatch_uid="channels.withdraw_lesson")
def withdraw_taken_down_lesson(lesson_key: UUID, **kwargs: Any) -> None:
    """In the transaction that takes it down: nothing of it goes out after that."""
    withdraw_lesson(lesson_key)


@receiver(channels_narrowed, dispatch_uid="channels.withdraw_without_consent")
def withdraw_narrowed_lesson(lesson_key: UUID, **kwargs: Any) -> None:
    """In the transaction that changed what somebody agreed to."""
    withdraw_without_consent(lesson_key)


@receiver(database_restored, dispatch_uid="channels.pause_after_restore")
def wait_after_restore(**kwargs: Any) -> None:
    """In the transaction that begins the new epoch."""
    pause_after_restore()
