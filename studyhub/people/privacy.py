"""What members may do with their own data: change, take along, ask to have erased."""

from typing import Any

from django.db import transaction

from studyhub.people.changes import Act, note_details, shown_details
from studyhub.people.locks import lock_member
from studyhub.people.models import ErasureRequest, Member

OWN_FIELDS = ("host_place_code", "host_place_name", "trade", "return_month", "large_type")


def change_own_details(member: Member, changes: dict[str, Any]) -> None:
    """Take over what the member says about ``OWN_FIELDS``; anything else in ``changes`` is left.

    A change waits for the liaison's confirmation, so it clears the last one; larger type does not.
    Only these columns are written: others may have changed since the member was read. The ledger's
    history says what they changed.
    """
    wanted = {name: changes[name] for name in OWN_FIELDS if changes.get(name) is not None}
    if set(wanted) - {"large_type"}:
        wanted["confirmed_at"] = None
    if not wanted:
        return
    with lock_member(member):
        before = shown_details(Member.objects.get(pk=member.pk))
        Member.objects.filter(pk=member.pk).update(**wanted)
        member.refresh_from_db()
        note_details(member, Act.OWN_DETAILS, before, by=member.user)


@transaction.atomic
def ask_for_erasure(member: Member) -> ErasureRequest:
    """The member's open request. Safe to repeat: there is one at a time."""
    asked, _ = ErasureRequest.objects.get_or_create(member=member, answered_at=None)
    return asked
