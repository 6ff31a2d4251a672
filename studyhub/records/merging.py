"""The records of two entries of one person become one set: a union, nothing is left out."""

from studyhub.people.models import Member
from studyhub.records.models import DeviceCursor, Record


def move_records(kept: Member, other: Member) -> None:
    """All that is stored of the other's phones is the kept one's; the caller holds both locks."""
    Record.objects.filter(member=other).update(member=kept)
    known = {cursor.device_id: cursor for cursor in DeviceCursor.objects.filter(member=kept)}
    for cursor in DeviceCursor.objects.filter(member=other):
        mine = known.get(cursor.device_id)
        if mine is None:
            cursor.member = kept
            cursor.save(update_fields=["member"])
            continue
        mine.unite(cursor)
        mine.save(update_fields=["ranges", "has_gaps", "seen_at"])
        cursor.delete()
