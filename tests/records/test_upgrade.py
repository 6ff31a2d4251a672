"""Which phones have gaps is known of rows that an earlier version wrote, too."""

import pytest

from studyhub.records.models import DeviceCursor
from tests import factories as make
from tests.migration import migrate, migrate_to_the_newest

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RANGES = ([], [[1, 3]], [[2, 3]], [[1, 1], [3, 9]])


def test_gaps_of_earlier_rows_are_noted_with_the_upgrade():
    member = make.MemberFactory()
    cursors = migrate("records", "0003_devices_with_gaps").get_model("records", "DeviceCursor")
    try:
        for n, ranges in enumerate(RANGES, start=1):
            cursors.objects.create(member_id=member.pk, device_id=make.device(n), ranges=ranges)
    finally:
        migrate_to_the_newest()
    told = [one.has_gaps for one in DeviceCursor.objects.order_by("pk")]
    assert told == [False, False, True, True]
