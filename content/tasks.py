from celery import shared_task

from content import schedule


@shared_task
def publish_scheduled() -> None:
    """Pages whose hour has come, and those whose time is over."""
    schedule.publish_and_expire()
