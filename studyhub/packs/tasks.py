"""Hints to workers. A lost one is made good by the sweeper, a doubled one changes nothing."""

from uuid import UUID

from celery import shared_task

from studyhub.packs import building


@shared_task
def build_pack(lesson_key: str) -> None:
    building.build_pack(UUID(lesson_key))


@shared_task
def sweep_packs() -> None:
    for lesson_key in building.stale_lessons():
        build_pack.delay(str(lesson_key))
