"""What a phone reports of people: a leader's contacts, a member's move; a union like all."""

from random import Random

import pytest

from studyhub.people.models import Contact, MoveReport
from studyhub.people.moves import proposals_of
from studyhub.records.models import DeviceCursor, Record
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def qiqige():
    return make.a_member("其其格", username="qiqige")


@pytest.fixture
def group(qiqige):
    return make.a_group(qiqige)


@pytest.fixture
def wuyun(group):
    return make.a_leader(group)


@pytest.fixture
def post(api):
    def _post(user, *records, phone=1):
        body = {
            "device_id": str(make.device(phone)),
            "account_id": str(user.account_id),
            "epoch": 1,
            "records": list(records),
        }
        return api(user).post("/me/records", body)

    return _post


def contact(member, seq=1, **data):
    said = {"member_id": str(member.public_id), "way": "phone", "outcome": "reached", **data}
    return make.a_record("contact", seq=seq, data=said)


def move(seq=1, **said):
    return make.a_record("move_report", seq=seq, data=said or {"place": "深圳宝安"})


def statuses(answer):
    assert answer.status_code == 200, answer.content
    return [(one["status"], one.get("code")) for one in answer.json()["results"]]


def test_a_leader_who_is_no_member_notes_contacts(post, wuyun, qiqige):
    record = contact(qiqige)
    answer = post(wuyun, record)
    assert statuses(answer) == [("accepted", None)]
    assert answer.json()["device"] == {"max_seq": 1, "missing": []}
    assert statuses(post(wuyun, record, record)) == [("duplicate", None)] * 2
    assert Contact.objects.get().by == wuyun
    assert not Record.objects.exists()


def test_a_member_reports_a_move_and_the_number_leaves_no_gap(post, qiqige):
    lesson = make.outline_of(make.a_lesson())
    batch = [move(seq=1), make.read_record(lesson, seq=2), move(seq=3, place="北京朝阳")]
    answer = post(qiqige.user, *batch)
    assert statuses(answer) == [("accepted", None)] * 3
    assert answer.json()["device"] == {"max_seq": 3, "missing": []}
    assert [one["id"] for one in answer.json()["results"]] == [one["id"] for one in batch]
    assert DeviceCursor.objects.get().ranges == [[1, 3]]
    assert MoveReport.objects.count() == 2


def test_only_who_leads_them_notes_and_only_a_member_moves(post, wuyun, qiqige):
    batu = make.a_member("巴图")
    refused = [("rejected", "member_not_found")]
    assert statuses(post(wuyun, contact(batu))) == refused
    assert statuses(post(qiqige.user, contact(batu))) == refused
    assert statuses(post(wuyun, move())) == [("rejected", "no_member")]
    assert not Contact.objects.exists()
    assert not MoveReport.objects.exists()


@pytest.mark.parametrize(
    "record",
    [
        {"data": {"mood": "low"}},
        {"data": []},
        {"data": {"member_id": 5}},
        {"data": {"member_id": "x", "way": "phone", "outcome": "reached"}},
        {"at": "yesterday"},
        {"id": "x"},
        {"more": 1},
    ],
)
def test_one_bad_record_blocks_no_other(post, wuyun, qiqige, record):
    bad = contact(qiqige) | record
    answer = statuses(post(wuyun, bad, contact(qiqige, seq=2)))
    assert [status for status, _ in answer] == ["rejected", "accepted"]


def test_order_repeats_and_phones_change_nothing(post, qiqige):
    records = [
        move(seq=n + 1, place=place) | {"at": f"2026-11-2{n}T12:00:00+08:00"}
        for n, place in enumerate(("北京朝阳", "深圳宝安", "呼和浩特赛罕"))
    ]
    for seed in range(4):
        sent = Random(seed).sample(records * 2, 5) + records
        for record in sent:
            post(qiqige.user, record, phone=seed % 2 + 1)
    assert MoveReport.objects.count() == 3
    assert proposals_of([qiqige])[qiqige.pk].said == {"place": "呼和浩特赛罕"}
