"""A number that never came is seen by those who run the house."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studyhub.learning.tasks import repair_drift
from studyhub.people.locks import lock_member
from studyhub.records import metrics
from studyhub.records.intake import store_batch
from studyhub.records.merging import move_records
from studyhub.records.models import DeviceCursor, Record
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)


@pytest.fixture
def report():
    outline = make.outline_of(make.a_lesson())
    member = make.MemberFactory(name="其其格")

    def _report(*numbers, phone=1):
        records = [make.read_record(outline) | {"seq": number} for number in numbers]
        source = Record.Source.SESSION
        with lock_member(member) as locked:
            store_batch(locked, device_id=make.device(phone), records=records, source=source)

    return _report


def test_a_gap_counts_once_its_record_would_be_gone_from_the_phone(report, time_machine):
    report(1, 2, 5)
    report(2, phone=2)  # this one's first never came
    time_machine.shift(7 * 24 * 3600)
    assert metrics.lost_gaps() == 0
    time_machine.shift(1)
    assert metrics.lost_gaps() == 2


def test_what_came_at_last_is_no_gap(report, time_machine):
    report(1, 4)
    time_machine.shift(8 * 24 * 3600)
    report(2)
    assert metrics.lost_gaps() == 1
    report(3)
    assert metrics.lost_gaps() == 0


def test_a_young_gap_beside_an_old_record_is_young(report, time_machine):
    report(1)
    time_machine.shift(8 * 24 * 3600)
    report(3)
    assert metrics.lost_gaps() == 0


def test_it_is_told_to_whoever_watches(report, time_machine):
    report(1, 3)
    time_machine.shift(8 * 24 * 3600)
    (family,) = metrics.GapCollector().collect()
    assert [(sample.name, sample.value) for sample in family.samples] == [(metrics.NAME, 1)]
    assert f"\n{metrics.NAME} " in Client().get("/metrics").content.decode()


def test_without_a_database_the_other_figures_are_told(monkeypatch):
    def unreachable():
        raise OperationalError("no database")

    monkeypatch.setattr(metrics, "lost_gaps", unreachable)
    assert list(metrics.GapCollector().collect()) == []


def test_it_asks_once_however_many_phones_have_gaps(report, django_assert_num_queries):
    for phone in range(1, 5):
        report(2, 4, phone=phone)
    with django_assert_num_queries(1):
        assert metrics.lost_gaps() == 0


def plain_gaps():
    """Every phone there is, each number by itself: what the stored column must not change."""
    lost = 0
    for cursor in DeviceCursor.objects.all():
        mine = Record.objects.filter(member=cursor.member_id, device_id=cursor.device_id)
        old = mine.filter(received_at__lt=timezone.now() - metrics.LOST_AFTER)
        highest = max((n for n in old.values_list("seq", flat=True) if n), default=0)
        lost += sum(last < highest for _, last in cursor.missing)
    return lost


@pytest.fixture
def two():
    """Two entries of one person, and an outline that their records are about."""
    return make.outline_of(make.a_lesson()), [make.MemberFactory(name=name) for name in "甲乙"]


steps = st.tuples(
    st.integers(0, 1),
    st.integers(1, 2),
    st.sets(st.integers(1, 12), max_size=4),
    st.sets(st.integers(1, 12), max_size=1),
    st.sampled_from([0, 0, 3, 8]),
    st.booleans(),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(taken=st.lists(steps, min_size=1, max_size=6))
def test_what_is_stored_tells_the_gaps_that_all_records_tell(two, time_machine, taken):
    """Whatever arrives in which order, after days, apart from other records, and of two entries
    that become one."""
    outline, members = two
    time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)
    with transaction.atomic():
        for who, phone, numbers, apart, days, merge in taken:
            records = [make.read_record(outline) | {"seq": number} for number in numbers]
            with lock_member(members[who]) as locked:
                device, source = make.device(phone), Record.Source.SESSION
                store_batch(locked, device_id=device, records=records, source=source, apart=apart)
            if merge:
                move_records(*members)
            time_machine.shift(timedelta(days=days, seconds=1))
            assert metrics.lost_gaps() == plain_gaps()
            assert all(one.has_gaps == bool(one.missing) for one in DeviceCursor.objects.all())
        transaction.set_rollback(True)


def test_gaps_that_the_version_before_wrote_are_known_the_night_after(report, time_machine, caplog):
    """Between ``migrate`` and restart it writes rows without a word of their gaps."""
    report(1, 3)
    report(1, 2, phone=2)
    DeviceCursor.objects.update(has_gaps=False)
    time_machine.shift(8 * 24 * 3600)
    assert metrics.lost_gaps() == 0
    repair_drift()
    assert metrics.lost_gaps() == plain_gaps() == 1
    assert "1 phones with gaps" in caplog.text


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="its plans are other words")
def test_phones_without_gaps_are_not_looked_at():
    """Also where there are few rows the index answers: nothing else is asked of it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        told = DeviceCursor.objects.filter(has_gaps=True).explain()
    assert "records_devicecursor_gaps" in told
