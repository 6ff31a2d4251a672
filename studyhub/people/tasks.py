"""What happens to sign-ins by itself."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_sessions() -> None:
    """Delete sessions that are over, and with them the notes of where they were."""
    call_command("clearsessions")
