"""What workers do for people's data: hints at rosters to take in, and what is forgotten in time."""

from uuid import UUID

from celery import shared_task
from django.core.management import call_command

from studyhub.people.joining import forget_old_requests
from studyhub.people.models import RosterUpload
from studyhub.people.roster import taking
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


@shared_task
def take_in_roster(public_id: str) -> None:
    """A hint; a lost or doubled one changes nothing."""
    taking.run(UUID(public_id))


@shared_task
def sweep_rosters() -> None:
    """Hint again at those whose hint or worker was lost."""
    for upload in RosterUpload.objects.lost().only("public_id"):
        take_in_roster.delay(str(upload.public_id))
