"""Storing a batch: union by id, one bad record never blocks the others, nothing is lost."""

import math
from datetime import UTC, datetime
from threading import Thread
from uuid import uuid4

import pytest
import time_machine
from django.db import connection

from studyhub.core.errors import Invalid
from studyhub.people.locks import lock_member
from studyhub.records import intake, kinds
from studyhub.records.intake import store_batch
from studyhub.records.kinds import read_data
from studyhub.records.models import DeviceCursor, Record, merge_ranges
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def qiqige():
    return make.MemberFactory(name="其其格")


@pytest.fixture
def outline():
    return make.outline_of(make.a_lesson())


def store(member, *records, phone=1):
    with lock_member(member) as locked:
        return store_batch(
            locked,
            device_id=make.device(phone),
            records=list(records),
            source=Record.Source.SESSION,
        )


def statuses(stored):
    return [(result.status, result.code) for result in stored.results]


def test_a_record_is_accepted_once_and_a_duplicate_for_ever(qiqige, outline):
    record = make.read_record(outline)
    assert statuses(store(qiqige, record)) == [("accepted", "")]
    assert statuses(store(qiqige, record)) == [("duplicate", "")]
    assert statuses(store(qiqige, record, record)) == [("duplicate", ""), ("duplicate", "")]
    assert Record.objects.count() == 1


def test_the_same_record_twice_in_one_batch_is_stored_once(qiqige, outline):
    record = make.read_record(outline)
    assert statuses(store(qiqige, record, record)) == [("accepted", ""), ("duplicate", "")]


def test_a_used_id_with_other_content_is_refused_and_the_first_one_kept(qiqige, outline):
    first = make.read_record(outline)
    second = make.finished_record(outline) | {"id": first["id"]}
    store(qiqige, first)
    assert statuses(store(qiqige, second)) == [("rejected", "mismatch")]
    assert Record.objects.get().kind == "sections_read"


def test_two_different_records_under_one_id_in_one_batch_keep_the_first(qiqige, outline):
    first = make.read_record(outline)
    second = make.finished_record(outline) | {"id": first["id"]}
    assert statuses(store(qiqige, first, second)) == [("accepted", ""), ("rejected", "mismatch")]


def test_an_id_of_another_member_is_refused_and_tells_nothing(qiqige, outline):
    record = make.read_record(outline)
    store(make.MemberFactory(name="巴图"), record)
    assert statuses(store(qiqige, record)) == [("rejected", "id_taken")]


def test_an_id_that_another_member_took_meanwhile_is_not_called_accepted(
    qiqige, outline, monkeypatch
):
    """Both looked before either had stored it."""
    record = make.read_record(outline)
    store(make.MemberFactory(name="巴图"), record)
    look, looks = intake._stored_under, []
    monkeypatch.setattr(
        intake, "_stored_under", lambda ids: look(ids) if looks else looks.append(ids) or {}
    )
    other = make.read_record(outline)
    assert statuses(store(qiqige, record, other)) == [("rejected", "id_taken"), ("accepted", "")]


def test_what_the_database_refuses_is_not_called_accepted(qiqige, outline, monkeypatch):
    """Should a bound be forgotten: the record waits on the phone, its neighbour is stored."""
    monkeypatch.setattr(kinds, "is_storable", lambda value: True)
    bad, good = make.a_record("mark", data={"place": math.inf}), make.read_record(outline)
    assert statuses(store(qiqige, bad, good)) == [("later", "not_storable"), ("accepted", "")]
    assert [str(record.pk) for record in Record.objects.all()] == [good["id"]]


def test_a_number_whose_record_is_not_stored_is_missing(qiqige, outline):
    record = make.read_record(outline)
    store(make.MemberFactory(name="巴图"), record)
    stored = store(qiqige, record | {"seq": 1}, make.read_record(outline) | {"seq": 2})
    assert stored.missing == [[1, 1]]


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_first_upload_beside_the_asking_for_a_key_is_stored(monkeypatch):
    """``POST /me/devices`` makes the device's row between the look at it and the making of it."""
    member, outline = make.a_member(), make.outline_of(make.a_lesson())

    look = intake.look_at_cursor

    def look_while_a_key_is_asked_for(*key):
        seen = look(*key)
        thread = Thread(target=_make_the_row, args=(member,))
        thread.start()
        thread.join()
        return seen

    monkeypatch.setattr(intake, "look_at_cursor", look_while_a_key_is_asked_for)
    assert statuses(store(member, make.read_record(outline))) == [("accepted", "")]
    assert DeviceCursor.objects.get().max_seq == 1


def _make_the_row(member):
    DeviceCursor.objects.bulk_create([DeviceCursor(member=member, device_id=make.device())])
    connection.close()


def test_one_bad_record_never_blocks_the_others(qiqige, outline):
    stored = store(
        qiqige,
        "nonsense",
        make.a_record("dancing"),
        make.read_record(outline, data={"section_ids": ["x"]}),
        make.read_record(outline),
    )
    assert [status for status, _ in statuses(stored)] == ["rejected"] * 3 + ["accepted"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": "not-a-uuid"}, "bad_id"),
        ({"id": None}, "bad_id"),
        ({"kind": "dancing"}, "unknown_kind"),
        ({"kind": ["x"]}, "unknown_kind"),
        ({"at": "yesterday"}, "bad_time"),
        ({"at": "2026-11-20T12:00:00"}, "bad_time"),
        ({"at": 1_700_000_000}, "bad_time"),
        ({"at": "9999-12-31T23:59:59-23:59"}, "bad_time"),
        ({"seq": 0}, "bad_seq"),
        ({"seq": True}, "bad_seq"),
        ({"seq": 2**80}, "bad_seq"),
        ({"revision": -1}, "bad_revision"),
        ({"lesson_id": None}, "bad_data"),
        ({"data": []}, "bad_data"),
        ({"data": {"section_ids": []}}, "bad_data"),
        ({"data": {"section_ids": ["\0"]}}, "bad_data"),
        ({"data": {"section_ids": [str(uuid4())], "seconds": 30}}, "bad_data"),
        ({"duration": 30}, "unknown_field"),
    ],
)
def test_a_record_that_breaks_a_rule_is_refused_with_a_code_and_a_sentence(
    qiqige, outline, change, code
):
    result = store(qiqige, make.read_record(outline) | change).results[0]
    assert (result.status, result.code) == ("rejected", code)
    assert result.detail


def test_a_kind_whose_feature_is_not_open_stays_on_the_phone(qiqige):
    record = make.a_record("visit", data={"note": "看望"})
    assert statuses(store(qiqige, record)) == [("later", "not_open_yet")]


def test_sections_of_an_old_revision_count_after_a_correction(qiqige):
    page = make.a_lesson()
    old = make.outline_of(page)
    page.title = "订正"
    make.publish_page(page)
    assert statuses(store(qiqige, make.read_record(old))) == [("accepted", "")]


def test_a_lesson_taken_down_since_still_takes_records(qiqige):
    page = make.a_lesson()
    outline = make.outline_of(page)
    page.unpublish()
    assert statuses(store(qiqige, make.read_record(outline))) == [("accepted", "")]


def test_a_record_without_a_revision_is_pinned_to_the_newest(qiqige, outline):
    record = make.read_record(outline)
    del record["revision"]
    store(qiqige, record)
    assert Record.objects.get().revision == 1


def test_the_revision_a_phone_names_is_kept_though_nobody_here_knows_it(qiqige, outline):
    store(qiqige, make.read_record(outline, revision=999))
    assert Record.objects.get().revision == 999


def test_a_lesson_nobody_here_knows_stays_on_the_phone(qiqige, outline):
    """A restored database may have forgotten it, and will know it again."""
    record = make.read_record(outline, lesson_id=str(uuid4()))
    assert statuses(store(qiqige, record)) == [("later", "unknown_lesson")]


@time_machine.travel(datetime(2026, 11, 24, 4, 0, tzinfo=UTC), tick=False)
def test_a_clock_that_runs_ahead_is_held_back(qiqige, outline):
    store(qiqige, make.read_record(outline, at="2027-11-24T12:00:00+08:00"))
    record = Record.objects.get()
    assert record.effective_at == datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    assert record.at == datetime(2027, 11, 24, 4, 0, tzinfo=UTC)


@time_machine.travel(datetime(2026, 11, 24, 4, 0, tzinfo=UTC), tick=False)
def test_a_record_half_a_year_late_is_taken_and_marked(qiqige, outline):
    store(qiqige, make.read_record(outline, at="2026-05-01T12:00:00+08:00"))
    assert Record.objects.get().late


def test_missing_numbers_are_named(qiqige, outline):
    records = [make.read_record(outline) | {"seq": seq} for seq in (1, 2, 5, 9)]
    stored = store(qiqige, *records)
    assert stored.max_seq == 9
    assert stored.missing == [[3, 4], [6, 8]]


def test_a_phone_that_numbers_wildly_is_answered_briefly_and_told_to_part(qiqige, outline):
    cursor = make.DeviceCursorFactory(member=qiqige)
    cursor.note(set(range(2, 50_000, 2)))
    cursor.save()
    stored = store(qiqige, make.read_record(outline) | {"seq": 99_999})
    assert stored.renew
    assert len(stored.missing) <= 200
    assert len(DeviceCursor.objects.get().ranges) <= 1000
    assert stored.max_seq == 99_999


def test_a_refused_record_leaves_a_gap_that_shows(qiqige, outline):
    good = [make.read_record(outline) | {"seq": seq} for seq in (1, 3)]
    stored = store(qiqige, good[0], make.a_record("dancing", seq=2), good[1])
    assert stored.missing == [[2, 2]]


def test_two_phones_with_one_device_id_are_told_to_part(qiqige, outline):
    assert not store(qiqige, make.read_record(outline)).renew
    assert store(qiqige, make.read_record(outline)).renew


def test_a_repeat_does_not_look_like_a_second_phone(qiqige, outline):
    record = make.read_record(outline)
    store(qiqige, record)
    assert not store(qiqige, record).renew


def test_devices_are_counted_apart(qiqige, outline):
    store(qiqige, make.read_record(outline), phone=1)
    assert not store(qiqige, make.read_record(outline), phone=2).renew
    assert DeviceCursor.objects.count() == 2


@pytest.mark.parametrize(
    ("ranges", "numbers", "merged"),
    [
        ([], {1}, [[1, 1]]),
        ([[1, 3]], {4}, [[1, 4]]),
        ([[1, 3]], {5}, [[1, 3], [5, 5]]),
        ([[1, 3], [5, 5]], {4}, [[1, 5]]),
        ([[1, 3]], set(), [[1, 3]]),
        ([[2, 3]], {1, 2, 3}, [[1, 3]]),
    ],
)
def test_ranges_merge_without_gaps_or_overlaps(ranges, numbers, merged):
    assert merge_ranges(ranges, numbers) == merged


def test_a_reflection_may_be_long_but_not_endless():
    assert read_data("reflection", {"text": "好" * 2000})
    with pytest.raises(Invalid, match="2000"):
        read_data("reflection", {"text": "好" * 2001})


def test_text_a_database_cannot_hold_is_cleaned_not_refused():
    assert read_data("reflection", {"text": "学\0习\ud800"})["text"] == "学习?"


def test_time_is_never_part_of_a_record():
    """No durations: not on the phone, not on the server."""
    names = {field.name for field in Record._meta.get_fields()}
    assert not names & {"duration", "seconds", "time_spent", "dwell", "read_time"}


def test_effective_time_of_an_honest_clock_is_its_own(qiqige):
    with time_machine.travel(datetime(2026, 11, 1, tzinfo=UTC)):
        outline = make.outline_of(make.a_lesson())
    moment = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    with time_machine.travel(datetime(2026, 11, 24, tzinfo=UTC)):
        store(qiqige, make.read_record(outline, at=moment.isoformat()))
    assert Record.objects.get().effective_at == moment


def test_a_clock_at_its_start_counts_from_when_the_text_was_published(qiqige):
    """A phone whose battery was out says 1980; what it says is kept beside."""
    with time_machine.travel(datetime(2026, 11, 1, tzinfo=UTC), tick=False):
        outline = make.outline_of(make.a_lesson())
    with time_machine.travel(datetime(2026, 11, 24, tzinfo=UTC)):
        store(qiqige, make.read_record(outline, at="1980-01-01T00:00:00+08:00"))
    record = Record.objects.get()
    assert record.effective_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert record.at == datetime(1979, 12, 31, 16, tzinfo=UTC)
    assert record.late
