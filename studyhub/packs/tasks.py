"""Hints to workers. A lost one is made good by the sweeper, a doubled one changes nothing."""

import logging
from collections.abc import Iterable
from uuid import UUID

from celery import shared_task

from content import catalogue
from studyhub.packs import builder

logger = logging.getLogger(__name__)


def build_each(keys: Iterable[UUID]) -> list[UUID]:
    """One after the other; a lesson that fails stops no other, and its editor is told.

    Returns those that failed.
    """
    return [key for key in dict.fromkeys(keys) if not _is_built(key)]


def _is_built(lesson_key: UUID) -> bool:
    try:
        builder.build_pack(lesson_key)
    except Exception as error:
        logger.exception("The pack of lesson %s cannot be built", lesson_key)
        catalogue.note_pack_problem(lesson_key, error)
        return False
    catalogue.settle_pack_problem(lesson_key)
    return True


@shared_task
def build_pack(lesson_key: str) -> None:
    build_each([UUID(lesson_key)])


@shared_task
def build_course(lesson_key: str, course: str) -> None:
    """The lesson that was published first, then those around it."""
    build_each([UUID(lesson_key), *(card.lesson_key for card in catalogue.lessons(course=course))])


@shared_task
def build_all() -> None:
    """Every night: what changed around the lessons (another reading of a name) reaches phones."""
    build_each(card.lesson_key for card in catalogue.lessons())


@shared_task
def sweep_packs() -> None:
    for lesson_key in builder.stale_lessons():
        build_pack.delay(str(lesson_key))
