"""One writer at a time for what is derived from all that a member did."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet

from studyhub.people import access
from studyhub.people.models import Member, User


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
        kept = _rows().get(pk=member.pk).merged_into_id
        yield _locked_also(kept) if kept and kept != member.pk else LockedMember(member)


@contextmanager
def lock_own_member(user: User) -> Iterator[LockedMember]:
    """The same for the caller's own record, found and locked in one look.

    Raises NotFound ``no_member``. What is yielded knows its key and loads the rest when asked.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_OWN + _no_key_update(), [user.pk])
            row = cursor.fetchone()
        if row is None:
            access.own_member(user)  # which says what to do
        member = Member.from_db(connection.alias, ["id", "merged_into_id"], row)
        kept = member.merged_into_id
        yield _locked_also(kept) if kept else LockedMember(member)


# The entry that stands for the account is chosen before the lock, as ``access.member_of`` does.
_TABLE = Member._meta.db_table
_OWN = (
    f"SELECT id, merged_into_id FROM {_TABLE} WHERE id ="  # noqa: S608  a name of ours
    f" (SELECT COALESCE(merged_into_id, id) FROM {_TABLE} WHERE user_id = %s)"
)


def _no_key_update() -> str:
    can = connection.features.has_select_for_update
    return f" {connection.ops.for_update_sql(no_key=True)}" if can else ""


def _rows() -> QuerySet[Member]:
    return Member.objects.select_for_update(no_key=True).only("pk", "merged_into")


def _locked_also(kept: int) -> LockedMember:
    _rows().get(pk=kept)
    return LockedMember(Member.objects.get(pk=kept))
