"""``POST /me/records``: safe to retry, one bad record never blocks the others, nothing lost."""

import gzip
import json
from uuid import uuid4

import pytest

from studyhub.api.schemas.records import RecordsOut
from studyhub.people.models import User
from studyhub.records.models import Epoch, Record
from studyhub.records.tickets import give_ticket, read_ticket
from tests.factories import (
    a_lesson,
    a_member,
    a_user,
    device,
    outline_of,
    read_record,
    whole_study,
)

pytestmark = pytest.mark.django_db
PATH = "/me/records"


@pytest.fixture
def qiqige():
    return a_member("其其格")


@pytest.fixture
def outline():
    return outline_of(a_lesson())


def envelope(member, *records, **changes):
    body = {
        "device_id": str(device()),
        "account_id": str(member.user.account_id),
        "epoch": 1,
        "records": list(records),
    }
    return body | changes


def test_a_batch_is_answered_record_by_record_with_the_progress_it_made(api, qiqige, outline):
    records = whole_study(outline)
    answer = api(qiqige.user).post(PATH, envelope(qiqige, *records))
    body = answer.json()
    assert answer.status_code == 200
    assert [(r["id"], r["status"]) for r in body["results"]] == [
        (r["id"], "accepted") for r in records
    ]
    assert body["device"] == {"max_seq": 3, "missing": []}
    assert body["epoch"] == 1
    (progress,) = body["progress"]
    assert progress["lesson_id"] == str(outline.lesson_key)
    assert (progress["status"], progress["percent"]) == ("finished", 100)
    assert progress["quiz"] == {"best": 100, "attempts": 1}


def test_the_answer_is_the_one_described(api, qiqige, outline):
    """It is not checked against its schema where it is made."""
    records = [*whole_study(outline), "nonsense"]
    body = api(qiqige.user).post(PATH, envelope(qiqige, *records)).json()
    described = RecordsOut.model_validate(body).model_dump(exclude_unset=True)
    assert described.keys() == body.keys()
    for name in ("results", "progress"):
        assert [one.keys() for one in described[name]] == [one.keys() for one in body[name]]


def test_sending_it_again_says_duplicate_and_changes_nothing(api, qiqige, outline):
    body = envelope(qiqige, *whole_study(outline))
    client = api(qiqige.user)
    first = client.post(PATH, body).json()
    second = client.post(PATH, body).json()
    assert {r["status"] for r in second["results"]} == {"duplicate"}
    assert second["progress"] == first["progress"]


def test_a_refused_record_has_a_code_and_a_sentence_and_the_rest_is_stored(api, qiqige, outline):
    bad = read_record(outline) | {"kind": "dancing"}
    body = api(qiqige.user).post(PATH, envelope(qiqige, bad, read_record(outline))).json()
    refused, taken = body["results"]
    assert (refused["status"], refused["code"]) == ("rejected", "unknown_kind")
    assert "更新" in refused["detail"]
    assert taken["status"] == "accepted"


def test_an_empty_batch_is_a_question_about_the_state(api, qiqige):
    body = api(qiqige.user).post(PATH, envelope(qiqige)).json()
    assert body["results"] == []
    assert body["device"] == {"max_seq": 0, "missing": []}


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        ("", 400, "malformed"),
        ("[]", 400, "malformed"),
        ("{", 400, "malformed"),
        ('{"records": NaN}', 400, "malformed"),
        ("[" * 100_000, 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        ('{"records": 5}', 400, "malformed"),
        ('{"records": []}', 400, "malformed"),
    ],
    ids=["empty", "list", "cut off", "NaN", "deep", "not UTF-8", "wrong type", "missing"],
)
def test_an_unreadable_envelope_is_400(api, qiqige, raw, status, code):
    answer = api(qiqige.user).post(PATH, raw=raw)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("change", [{"epoch": "1"}, {"epoch": -1}, {"device_id": "x"}])
def test_a_wrong_field_of_the_envelope_is_400(api, qiqige, change):
    answer = api(qiqige.user).post(PATH, envelope(qiqige, **change))
    assert answer.status_code == 400


def test_an_unknown_field_of_the_envelope_is_422_and_named(api, qiqige):
    answer = api(qiqige.user).post(PATH, envelope(qiqige, seconds_on_page=30))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["seconds_on_page"]


def test_half_a_character_is_refused_in_words_wherever_it_stands(api, qiqige, outline):
    client = api(qiqige.user)
    whole = json.dumps(envelope(qiqige, read_record(outline)))
    named = client.post(PATH, raw=whole[:-1] + ', "\\ud800": 1}')
    assert (named.status_code, named.json()["code"]) == (422, "unknown_field")
    record = read_record(outline) | {"id": "\ud800", "kind": "\ud800"}
    answer = client.post(PATH, envelope(qiqige, record, read_record(outline) | {"\ud800": 1}))
    assert [r["status"] for r in answer.json()["results"]] == ["rejected", "rejected"]


def test_too_many_records_are_413(api, qiqige, outline):
    records = [read_record(outline) for _ in range(201)]
    answer = api(qiqige.user).post(PATH, envelope(qiqige, *records))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_too_many_bytes_are_413(api, qiqige):
    answer = api(qiqige.user).post(PATH, raw=json.dumps({"x": "好" * 200_000}))
    assert answer.status_code == 413


def test_gzip_is_read(api, qiqige, outline):
    packed = gzip.compress(json.dumps(envelope(qiqige, read_record(outline))).encode())
    answer = api(qiqige.user).post(PATH, raw=packed, **{"Content-Encoding": "gzip"})
    assert answer.json()["results"][0]["status"] == "accepted"


@pytest.mark.parametrize(
    ("packed", "encoding", "status"),
    [
        (gzip.compress(b"0" * 50_000_000), "gzip", 413),
        (b"not gzip", "gzip", 400),
        (gzip.compress(b"{}", mtime=0)[:-4], "gzip", 400),
        (b"{}", "br", 415),
    ],
    ids=["bomb", "not gzip", "cut off", "other encoding"],
)
def test_a_bad_packing_is_refused_before_it_is_unpacked(api, qiqige, packed, encoding, status):
    answer = api(qiqige.user).post(PATH, raw=packed, **{"Content-Encoding": encoding})
    assert answer.status_code == status


def test_records_of_another_account_are_409_and_nothing_is_stored(api, qiqige, outline):
    other = a_member("巴图")
    answer = api(qiqige.user).post(PATH, envelope(other, read_record(outline)))
    assert (answer.status_code, answer.json()["code"]) == (409, "account_mismatch")
    assert not Record.objects.exists()


def test_nobody_signed_in_is_401(api, qiqige):
    answer = api().post(PATH, envelope(qiqige))
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_a_session_without_the_csrf_header_is_refused(api, qiqige):
    client = api(qiqige.user, **{"X-CSRFToken": ""})
    assert client.get("/me").status_code == 200
    assert client.post(PATH, envelope(qiqige)).status_code == 403


def test_staff_without_a_member_record_are_told_so(api):
    editor = a_user("editor")
    body = {"device_id": str(device()), "account_id": str(editor.account_id)}
    answer = api(editor).post(PATH, body | {"epoch": 1, "records": []})
    assert (answer.status_code, answer.json()["code"]) == (404, "no_member")


def test_a_restored_database_announces_its_new_epoch(api, qiqige):
    Epoch.objects.create(number=7, reason="恢复备份")
    assert api(qiqige.user).post(PATH, envelope(qiqige)).json()["epoch"] == 7


class TestTicket:
    def test_it_appends_records_without_a_session(self, api, qiqige, outline):
        client = api(Authorization=f"Ticket {give_ticket(qiqige.user)}")
        answer = client.post(PATH, envelope(qiqige, read_record(outline)))
        assert answer.json()["results"][0]["status"] == "accepted"
        assert Record.objects.get().source == "ticket"

    def test_it_reads_nothing(self, api, qiqige, outline):
        client = api(Authorization=f"Ticket {give_ticket(qiqige.user)}")
        answer = client.post(PATH, envelope(qiqige, read_record(outline)))
        assert answer.json()["progress"] == []
        for path in ("/me", "/me/progress", "/me/plan", "/me/export", "/groups"):
            assert client.get(path).status_code == 401, path

    def test_it_is_good_for_its_account_only(self, api, qiqige, outline):
        client = api(Authorization=f"Ticket {give_ticket(qiqige.user)}")
        answer = client.post(PATH, envelope(a_member("巴图"), read_record(outline)))
        assert answer.json()["code"] == "account_mismatch"

    def test_bound_to_a_phone_it_is_good_for_that_phone_only(self, api, qiqige):
        client = api(Authorization=f"Ticket {give_ticket(qiqige.user, device(2))}")
        answer = client.post(PATH, envelope(qiqige))
        assert (answer.status_code, answer.json()["code"]) == (409, "device_mismatch")

    def test_it_is_slowed_down_without_losing_or_stopping_anybody_else(
        self, api, qiqige, outline, time_machine
    ):
        time_machine.move_to("2026-10-01T09:00:00+08:00", tick=False)
        client = api(Authorization=f"Ticket {give_ticket(qiqige.user, device())}")
        answers = [client.post(PATH, envelope(qiqige)).status_code for _ in range(20)]
        assert set(answers) == {200}
        time_machine.shift(12.5)
        refused = client.post(PATH, envelope(qiqige, read_record(outline)))
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
        assert refused["Retry-After"] == "48"
        other = api(Authorization=f"Ticket {give_ticket(qiqige.user, device(2))}")
        assert other.post(PATH, envelope(qiqige, device_id=str(device(2)))).status_code == 200
        assert api(qiqige.user).post(PATH, envelope(qiqige)).status_code == 200
        time_machine.shift(48)
        answer = client.post(PATH, envelope(qiqige, read_record(outline)))
        assert answer.json()["results"][0]["status"] == "accepted"

    @pytest.mark.parametrize(
        "void",
        [
            lambda user: user.set_password("another-long-password"),
            lambda user: setattr(user, "sign_in_generation", user.sign_in_generation + 1),
            lambda user: setattr(user, "is_active", False),
        ],
    )
    def test_it_ends_with_the_password_the_log_out_everywhere_and_the_account(
        self, api, qiqige, void
    ):
        ticket = give_ticket(qiqige.user)
        void(qiqige.user)
        qiqige.user.save()
        answer = api(Authorization=f"Ticket {ticket}").post(PATH, envelope(qiqige))
        assert (answer.status_code, answer.json()["code"]) == (401, "ticket_void")

    @pytest.mark.parametrize("text", ["", "x", "a:b:c", "é" * 30])
    def test_anything_else_is_no_ticket(self, api, qiqige, text):
        answer = api(Authorization=f"Ticket {text}").post(PATH, envelope(qiqige))
        assert answer.status_code == 401

    def test_signing_in_gives_one(self, api):
        member = a_member("其其格", username="qiqige")
        answer = api().post("/session", {"login": "qiqige", "password": "a-long-test-password"})
        ticket = read_ticket(answer.json()["upload_ticket"])
        assert ticket.user == User.objects.get(pk=member.user.pk)


def test_strangers_ids_are_harmless(api, qiqige, outline):
    record = read_record(outline) | {"lesson_id": str(uuid4())}
    body = api(qiqige.user).post(PATH, envelope(qiqige, record)).json()
    assert body["results"][0]["status"] == "later"
    assert body["results"][0]["code"] == "unknown_lesson"
