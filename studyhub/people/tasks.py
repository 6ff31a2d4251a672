"""What happens to sign-ins by itself."""

from celery import shared_task
from django.core.management import call_command

from studyhub.people.sign_in_limits import forget_old_tries


@shared_task
def clear_sessions() -> None:
    """Delete sessions that are over, the notes of where they were, and counts that are at rest."""
    call_command("clearsessions")
    forget_old_tries()
