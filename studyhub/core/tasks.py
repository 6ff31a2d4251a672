from celery import shared_task

from studyhub.core.models import Heartbeat


@shared_task
def beat_worker() -> None:
    Heartbeat.beat("worker")
