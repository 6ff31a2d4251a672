"""A restored database has a number that no phone has met."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from studyhub.records.models import Epoch

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def begin_from_a_backup(moment: datetime) -> int:
    """The backup knows of no epoch at all."""
    Epoch.objects.all().delete()
    with time_machine.travel(moment, tick=False):
        return Epoch.begin("从备份恢复").number


def test_the_same_backup_restored_a_second_time_has_another_number():
    first, second = (begin_from_a_backup(MONDAY + timedelta(minutes=n)) for n in (0, 1))
    assert 1 < first < second < 2**31


def test_a_clock_that_was_set_back_does_not_bring_an_old_number_back():
    begin_from_a_backup(MONDAY)
    with time_machine.travel(MONDAY - timedelta(days=400), tick=False):
        known = Epoch.current()
        assert Epoch.begin("从备份恢复").number == known + 1
