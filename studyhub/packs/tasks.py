"""Hints to workers. A lost one is made good by the sweeper, a doubled one changes nothing."""

from uuid import UUID

from celery import shared_task

from content import catalogue
from studyhub.packs import builder


@shared_task
def build_pack(lesson_key: str) -> None:
    builder.build_pack(UUID(lesson_key))


@shared_task
def build_course(lesson_key: str, course: str) -> None:
    """The lesson that was published first, then those around it."""
    builder.build_pack(UUID(lesson_key))
    for card in catalogue.lessons(course=course):
        builder.build_pack(card.lesson_key)


@shared_task
def build_all() -> None:
    """Every night: what changed around the lessons (another reading of a name) reaches phones."""
    for card in catalogue.lessons():
        builder.build_pack(card.lesson_key)


@shared_task
def sweep_packs() -> None:
    for lesson_key in builder.stale_lessons():
        build_pack.delay(str(lesson_key))
