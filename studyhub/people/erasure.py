"""Forgetting a member: all rows at once, and a note that outlives every backup.

The note is written first, beside the backups, and says no name: the digest of an identifier that
means nothing elsewhere. A restore brings back the rows of older days and erases them again by it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db import transaction

from studyhub.people.erasure_ledger import ledger_path, note, noted_in
from studyhub.people.models import (
    BranchMembership,
    Contact,
    Duty,
    JoinRequest,
    Member,
    MoveAnswer,
    RecordView,
    User,
)


def erase_member(member: Member) -> bool:
    """All of the member, noted before it is done: safe to repeat. OSError: nothing was erased.

    Entries that were merged into theirs are theirs too. Returns whether the account is gone too.
    One that answers for other things stays: an office, a role at the desk, looks at other people's
    records and contacts with them, which those are shown.
    """
    merged = list(member.merged_entries.defer("phone"))
    for one in (*merged, member):
        note(ledger_path(), _digest(one.public_id))
    with transaction.atomic():
        for one in merged:
            _delete(one)
        return _delete(member)


def erase_again(ledgers: Iterable[Path]) -> int:
    """Those the ledgers name and an older backup brought back; how many they were."""
    noted = noted_in(ledgers)
    back = [pk for pk, key in _identifiers() if _digest(key) in noted]
    for member in Member.objects.filter(pk__in=back).defer("phone"):
        _delete(member)
    return len(back)


@transaction.atomic
def _delete(member: Member) -> bool:
    account = member.user
    Member.objects.select_for_update().only("pk").filter(pk=member.pk).first()  # no study meanwhile
    BranchMembership.objects.filter(member=member).delete()  # first: what is counted tells of it
    if member.phone_index:
        JoinRequest.objects.filter(phone_index=member.phone_index).delete()
    Member.objects.filter(pk=member.pk).defer("phone").delete()  # also under a key that was lost
    if account is None or _is_needed(account):
        return False
    phones = account.signed_in_phones.values_list("session_id", flat=True)
    Session.objects.filter(pk__in=list(phones)).delete()
    account.delete()
    return True


def _is_needed(account: User) -> bool:
    return (
        account.is_staff
        or account.is_superuser
        or account.groups.exists()
        or Duty.objects.filter(user=account).exists()
        or RecordView.objects.filter(viewer=account).exists()
        or Contact.objects.filter(by=account).exists()
        or MoveAnswer.objects.filter(by=account).exists()
    )


def _identifiers() -> Iterator[tuple[int, UUID]]:
    return Member.objects.values_list("pk", "public_id").iterator()


def _digest(key: UUID) -> str:
    return hashlib.sha256(f"studyhub member {key}".encode()).hexdigest()
