"""One writer at a time for what is derived from all that a member did."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from studyhub.people.models import Member


@dataclass(frozen=True)
class LockedMember:
    """A member whose lock this transaction holds; made by ``lock_member`` alone.

    What must not run beside another upload of the same member asks for this instead of a Member.
    """

    member: Member


@contextmanager
def lock_member(member: Member) -> Iterator[LockedMember]:
    """A transaction in which other uploads of this member wait.

    An entry that was merged meanwhile stands for the one it was merged into. ``no_key``: rows that
    only refer to the member may still be written meanwhile.
    """
    with transaction.atomic():
        rows = Member.objects.select_for_update(no_key=True).only("pk", "merged_into")
        kept = rows.get(pk=member.pk).merged_into_id
        if kept and kept != member.pk:
            rows.get(pk=kept)
            yield LockedMember(Member.objects.get(pk=kept))
        else:
            yield LockedMember(member)
