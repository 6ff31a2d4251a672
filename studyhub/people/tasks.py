"""What happens to sign-ins by itself."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_sessions() -> None:
    """Sessions that are over, and with them the note of where they were."""
    call_command("clearsessions")
