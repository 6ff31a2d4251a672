"""What happens to sign-ins by itself."""

from celery import shared_task
from django.core.management import call_command

from studyhub.people.joining import forget_old_requests
from studyhub.people.roster.uploads import forget_old_rows
from studyhub.people.sign_in_limits import forget_old_tries


@shared_task
def clear_sessions() -> None:
    """Delete sessions that are over, the notes of where they were, counts that are at rest, the
    rows of rosters that nobody took in, and requests to join that were kept long enough."""
    call_command("clearsessions")
    forget_old_tries()
    forget_old_rows()
    forget_old_requests()
