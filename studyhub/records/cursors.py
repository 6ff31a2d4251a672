"""The numbers of one device: looked at and kept in one statement each, under the member's lock."""

import json
from uuid import UUID

from django.db import connection

from studyhub.core.bulk_insert import insert, overwrite
from studyhub.records.models import DeviceCursor, Epoch

_NAMES = ("member_id", "device_id", "ranges", "has_gaps", "seen_at")
_LOOK = (
    f"SELECT (SELECT MAX(number) FROM {Epoch._meta.db_table}),"  # noqa: S608  names, not values
    f" (SELECT ranges FROM {DeviceCursor._meta.db_table} WHERE member_id = %s AND device_id = %s)"
)


def look_at_cursor(member_id: int, device_id: UUID) -> tuple[DeviceCursor, int]:
    """The numbers that have arrived from the device, none where it is new; and the epoch."""
    key = DeviceCursor._meta.get_field("device_id").get_db_prep_value(device_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [member_id, key])
        epoch, ranges = cursor.fetchone()
    known = json.loads(ranges) if ranges else []
    found = DeviceCursor(member_id=member_id, device_id=device_id, ranges=known)
    return found, epoch or Epoch.FIRST


def keep_cursor(cursor: DeviceCursor) -> None:
    """Write the row, also where somebody who asked for a key has made it meanwhile, empty."""
    row = (cursor.member_id, cursor.device_id, cursor.ranges, cursor.has_gaps, cursor.seen_at)
    insert(DeviceCursor, _NAMES, [row], overwrite(_NAMES[:2], _NAMES[2:]))
