"""What members may do with their own data: change, take along, ask to have erased."""

from typing import Any

from django.db import transaction

from studyhub.people.models import ErasureRequest, Member

OWN_FIELDS = ("host_place_code", "host_place_name", "trade", "return_month", "large_type")


def change_own_details(member: Member, changes: dict[str, Any]) -> None:
    """Only ``OWN_FIELDS``; a change waits for the liaison's confirmation, so it clears the last
    one."""
    for name in OWN_FIELDS:
        if changes.get(name) is not None:
            setattr(member, name, changes[name])
    if set(changes) - {"large_type"}:
        member.confirmed_at = None
    member.save()


@transaction.atomic
def ask_for_erasure(member: Member) -> ErasureRequest:
    """Safe to repeat: one open request per member."""
    asked, _ = ErasureRequest.objects.get_or_create(member=member, answered_at=None)
    return asked
