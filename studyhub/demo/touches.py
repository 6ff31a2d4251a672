"""What was said of demo members: calls that leaders noted, and a move that waits to be entered."""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone

from studyhub.people.contacts import note_contact
from studyhub.people.models import Contact, Member, User
from studyhub.people.moves import report_move

Way, Outcome, Next = Contact.Way, Contact.Outcome, Contact.NextStep
CALLS = [
    (24, "leader1", 2, Way.PHONE, Outcome.REACHED, Next.NONE),
    (25, "leader1", 3, Way.MESSAGE, Outcome.OTHER_DAY, Next.CALL_AGAIN),
    (26, "leader1", 5, Way.PHONE, Outcome.NO_ANSWER, Next.CALL_AGAIN),
    (27, "liaison1", 9, Way.VISIT, Outcome.ASKED, Next.SHOW_HOW),
    (54, "leader2", 4, Way.PHONE, Outcome.REACHED, Next.NONE),
    (55, "liaison1", 6, Way.PHONE, Outcome.WRONG_NUMBER, Next.FIND_NUMBER),
]
MOVED = 25
SAID = {"place": "沈阳和平", "trade": "catering", "return_month": "2027-01"}


@transaction.atomic
def load_touches() -> None:
    """Safe to repeat: the ids are always the same."""
    now = timezone.now()
    for number, by, days, way, outcome, following in CALLS:
        note_contact(
            by=User.objects.get(username=by),
            member_id=_member(number).public_id,
            contact_id=uuid5(NAMESPACE_URL, f"demo-contact-{number}"),
            way=way,
            outcome=outcome,
            next_step=following,
            at=now - timedelta(days=days),
        )
    key = uuid5(NAMESPACE_URL, f"demo-move-{MOVED}")
    report_move(member=_member(MOVED), report_id=key, said=SAID, at=now - timedelta(days=1))


def _member(number: int) -> Member:
    return Member.objects.get(user__username=f"member{number:02d}")
