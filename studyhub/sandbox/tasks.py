"""What the emulated platform does by itself while nobody asks it anything."""

from celery import shared_task

from studyhub.sandbox import platform
from studyhub.sandbox.models import App
from studyhub.sandbox.pushes import send

__all__ = ["send", "settle"]


@shared_task
def settle(app_id: str) -> None:
    """A job is due about now: what has ended is told to whom it belongs."""
    for app in App.objects.filter(app_id=app_id):
        platform.settle_due_jobs(app)
