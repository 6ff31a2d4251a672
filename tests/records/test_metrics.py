"""A number that never came is seen by those who run the house."""

import pytest
from django.db import OperationalError
from django.test import Client

from studyhub.people.locks import lock_member
from studyhub.records import metrics
from studyhub.records.intake import store_batch
from studyhub.records.models import Record
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
