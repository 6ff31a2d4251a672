"""``POST /me/receipts``: the same records as the phone sends itself, in either order, for those
only who may."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from studyhub.core.clock import today
from studyhub.learning.models import Progress
from studyhub.people.models import RecordView
from studyhub.records.models import DeviceCursor, Record
from studyhub.records.receipt_keys import receipt_key
from studyhub.records.receipts import START, Writer
from studyhub.records.tickets import read_ticket
from tests.factories import (
    LONG_AGO,
    a_group,
    a_leader,
    a_lesson,
    a_member,
    a_record,
    a_user,
    attempt_record,
    device,
    outline_of,
    publish_page,
    read_record,
    whole_study,
)
from tests.records.receipt_writer import write_receipt

pytestmark = pytest.mark.django_db
PATH = "/me/receipts"
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture
def qiqige():
    return a_member("其其格")


@pytest.fixture
def batu():
    return a_member("巴图")


@pytest.fixture
def leader(qiqige):
    return a_leader(a_group(qiqige))


@pytest.fixture
def lesson():
    return a_lesson()


@pytest.fixture
def outline(lesson):
    return outline_of(lesson)


def by_the_phones_rule(member, records):
    """Ids as the phone makes them."""
    writer = Writer(member.user.account_id, device())
    seconds = int((NOON - START).total_seconds())
    for seq, record in enumerate(records, start=1):
        at = NOON + timedelta(seconds=60 * seq)
        own_id = str(writer.rule_id(seconds + 60 * seq, seq))
        record.update(id=own_id, seq=seq, at=at.isoformat())
        if record["kind"] == "quiz_attempt":
            record["data"]["attempt_id"] = own_id
    return records


def a_receipt(member, outline, records, *, key=None, known=True):
    if known:
        DeviceCursor.objects.get_or_create(member=member, device_id=device())
    writer = Writer(member.user.account_id, device())
    return write_receipt(
        writer,
        key or receipt_key(member.user, device()),
        records,
        lesson_key=outline.lesson_key,
        revision=outline.revision,
        outline=outline,
    )


def studied(member, outline):
    records = by_the_phones_rule(member, whole_study(outline))
    return records, a_receipt(member, outline, records)


def upload(api, member, records):
    body = {"device_id": str(device()), "account_id": str(member.user.account_id), "epoch": 1}
    answer = api(member.user).post("/me/records", {**body, "records": records})
    assert answer.status_code == 200
    return [result["status"] for result in answer.json()["results"]]


def statuses(answer):
    assert answer.status_code == 200, answer.content.decode()
    return [result["status"] for result in answer.json()["results"]]


def code_of(answer, status=422):
    assert answer.status_code == status, answer.content.decode()
    return answer.json()["code"]


# The key ---------------------------------------------------------------------------------------
def test_a_phone_gets_its_ticket_and_its_key_and_always_the_same_key(api, qiqige):
    client = api(qiqige.user)
    first = client.post("/me/devices", {"device_id": str(device())})
    second = client.post("/me/devices", {"device_id": str(device())}).json()
    assert first["Cache-Control"] == "no-store"
    body = first.json()
    assert body["receipt_key"] == second["receipt_key"]
    assert len(base64.urlsafe_b64decode(body["receipt_key"] + "=")) == 32
    assert read_ticket(body["upload_ticket"]).device_id == device()
    lasts = datetime.fromisoformat(body["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=29) < lasts <= timedelta(days=30)


def test_keys_differ_between_phones_accounts_and_generations(qiqige, batu):
    keys = {receipt_key(m.user, device(n)) for m in (qiqige, batu) for n in (1, 2)}
    qiqige.user.sign_in_generation += 1
    assert len(keys | {receipt_key(qiqige.user, device())}) == 5


def test_a_new_phone_is_known_before_it_has_sent_anything(api, qiqige):
    api(qiqige.user).post("/me/devices", {"device_id": str(device())})
    cursor = DeviceCursor.objects.get()
    assert (cursor.member, cursor.ranges) == (qiqige, [])


def test_asking_for_keys_over_and_over_is_slowed_down(api, qiqige):
    client = api(qiqige.user)
    answers = [client.post("/me/devices", {"device_id": str(uuid4())}) for _ in range(61)]
    assert code_of(answers[-1], 429) == "too_many"
    assert client.get("/me/export").status_code == 200  # counted apart


# Redeeming -------------------------------------------------------------------------------------
def test_a_leader_redeems_a_receipt_and_hears_whose_and_which_lesson(api, qiqige, leader, outline):
    records, code = studied(qiqige, outline)
    answer = api(leader).post(PATH, {"text": code})
    assert statuses(answer) == ["accepted"] * 3
    body = answer.json()
    assert [r["id"] for r in body["results"]] == [r["id"] for r in records]
    assert body["member"] == {"id": str(qiqige.public_id), "name": "其其格"}
    assert (body["lesson_id"], body["title"]) == (str(outline.lesson_key), "遵义会议")
    assert set(Record.objects.values_list("source", "member")) == {("receipt", qiqige.pk)}
    assert Progress.objects.get().finished_at


def progress_row():
    fields = ("sections_read", "quiz_best", "quiz_attempts", "declared_at", "finished_at")
    return Progress.objects.values_list(*fields).get()


def test_the_phones_own_upload_afterwards_changes_nothing(api, qiqige, leader, outline):
    records, code = studied(qiqige, outline)
    assert statuses(api(leader).post(PATH, {"text": code})) == ["accepted"] * 3
    before = progress_row()
    assert upload(api, qiqige, records) == ["duplicate"] * 3
    assert progress_row() == before
    assert Record.objects.count() == 3


def test_a_receipt_after_the_upload_changes_nothing(api, qiqige, leader, outline):
    records, code = studied(qiqige, outline)
    assert upload(api, qiqige, records) == ["accepted"] * 3
    before = progress_row()
    assert statuses(api(leader).post(PATH, {"text": code})) == ["duplicate"] * 3
    assert progress_row() == before
    assert Record.objects.count() == 3


def test_a_receipt_twice_is_a_receipt_once(api, qiqige, leader, outline):
    _, code = studied(qiqige, outline)
    client = api(leader)
    assert statuses(client.post(PATH, {"text": code})) == ["accepted"] * 3
    assert statuses(client.post(PATH, {"text": code.lower()})) == ["duplicate"] * 3


def test_a_wrong_answer_an_own_wording_and_a_reflection_arrive_as_they_were(
    api, qiqige, leader, outline
):
    attempt = attempt_record(outline, right=False)
    words = a_record("reflection", outline.lesson_key, data={"text": "想起了爷爷讲的雪山。"})
    records = by_the_phones_rule(qiqige, [attempt, words])
    for record in records:
        record["revision"] = outline.revision
    code = a_receipt(qiqige, outline, records)
    assert statuses(api(leader).post(PATH, {"text": code})) == ["accepted"] * 2
    assert upload(api, qiqige, records) == ["duplicate"] * 2


def test_one_redeems_the_receipt_of_ones_other_phone(api, qiqige, outline):
    _, code = studied(qiqige, outline)
    assert statuses(api(qiqige.user).post(PATH, {"text": code})) == ["accepted"] * 3


def test_a_receipt_of_an_old_revision_counts_by_that_revision(api, qiqige, leader, lesson, outline):
    _, code = studied(qiqige, outline)
    lesson.body = lesson.body.stream_block.to_python([])
    lesson.title = "新题目"
    publish_page(lesson)
    answer = api(leader).post(PATH, {"text": code})
    assert statuses(answer) == ["accepted"] * 3
    assert answer.json()["title"] == "新题目"
    assert set(Record.objects.values_list("revision", flat=True)) == {1}


def test_a_bookmark_outside_any_lesson_travels_too(api, qiqige, leader, outline):
    (mark,) = by_the_phones_rule(qiqige, [a_record("mark", data={"note": "第二节再看"})])
    DeviceCursor.objects.create(member=qiqige, device_id=device())
    writer = Writer(qiqige.user.account_id, device())
    code = write_receipt(writer, receipt_key(qiqige.user, device()), [mark])
    answer = api(leader).post(PATH, {"text": code})
    assert statuses(answer) == ["accepted"]
    assert answer.json()["lesson_id"] is None


def test_the_owner_sees_who_handed_in_the_receipt(api, qiqige, leader, outline):
    _, code = studied(qiqige, outline)
    api(leader).post(PATH, {"text": code})
    view = RecordView.objects.get()
    assert (view.member, view.viewer, view.page) == (qiqige, leader, "学习凭条")


# Refusals --------------------------------------------------------------------------------------
def test_a_slip_of_the_pen_is_told_by_its_group(api, qiqige, leader, outline):
    _, code = studied(qiqige, outline)
    groups = code.split()
    groups[2] = ("A" if groups[2][0] != "A" else "B") + groups[2][1:]
    answer = api(leader).post(PATH, {"text": " ".join(groups)})
    assert code_of(answer) == "bad_group"
    assert "第 3 组" in answer.json()["detail"]
    assert answer.json()["errors"][0]["loc"] == ["text", 3]


def test_a_strangers_receipt_is_of_an_unknown_device(api, qiqige, batu, outline):
    _, code = studied(qiqige, outline)
    stranger = a_leader(a_group(batu, name="别的小组"), "other", "别人")
    for who in (stranger, batu.user, a_user("editor")):
        assert code_of(api(who).post(PATH, {"text": code})) == "unknown_device"
    assert not Record.objects.exists()


def test_a_relieved_leader_redeems_nothing(api, qiqige, leader, outline):
    _, code = studied(qiqige, outline)
    leader.duties.update(ends_on=today() - timedelta(days=1))
    assert code_of(api(leader).post(PATH, {"text": code})) == "unknown_device"


def test_a_member_who_left_the_group_is_no_longer_the_leaders_to_help(api, qiqige, leader, outline):
    _, code = studied(qiqige, outline)
    qiqige.groups.update(starts_on=LONG_AGO, ends_on=today() - timedelta(days=1))
    assert code_of(api(leader).post(PATH, {"text": code})) == "unknown_device"


def test_a_forged_receipt_is_refused(api, qiqige, leader, outline):
    records, _ = studied(qiqige, outline)
    forged = a_receipt(qiqige, outline, records, key=b"x" * 32)
    assert code_of(api(leader).post(PATH, {"text": forged})) == "bad_signature"
    assert not Record.objects.exists()


def test_logging_out_everywhere_voids_the_receipts_written_before(api, qiqige, leader, outline):
    _, code = studied(qiqige, outline)
    qiqige.user.sign_in_generation += 1
    qiqige.user.save()
    answer = api(leader).post(PATH, {"text": code})
    assert code_of(answer) == "bad_signature"
    assert "联网登录" in answer.json()["detail"]


def test_a_receipt_written_before_the_secret_changed_still_counts(
    api, qiqige, leader, outline, settings
):
    _, code = studied(qiqige, outline)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-another-secret-another-secret"
    assert statuses(api(leader).post(PATH, {"text": code})) == ["accepted"] * 3


def test_a_lesson_that_never_was_is_unknown(api, qiqige, leader, outline):
    DeviceCursor.objects.create(member=qiqige, device_id=device())
    writer = Writer(qiqige.user.account_id, device())
    key = receipt_key(qiqige.user, device())
    code = write_receipt(writer, key, [read_record(outline)], lesson_key=uuid4(), revision=1)
    assert code_of(api(leader).post(PATH, {"text": code})) == "unknown_lesson"


def test_half_a_receipt_is_no_receipt(api, qiqige, leader, outline):
    _, code = studied(qiqige, outline)
    half = " ".join(code.split()[:-2])
    assert code_of(api(leader).post(PATH, {"text": half})) == "bad_signature"
    assert code_of(api(leader).post(PATH, {"text": code.split()[0]})) == "bad_receipt"


def test_naming_a_member_narrows_and_never_opens(api, qiqige, batu, leader, outline):
    _, code = studied(qiqige, outline)
    client = api(leader)
    named = {"text": code, "member_id": str(qiqige.public_id)}
    assert code_of(client.post(PATH, {**named, "member_id": str(batu.public_id)}), 404) == (
        "member_not_found"
    )
    assert statuses(client.post(PATH, named)) == ["accepted"] * 3


def test_two_phones_with_the_same_last_bytes_are_told_apart_by_their_keys(
    api, qiqige, batu, outline
):
    DeviceCursor.objects.create(member=batu, device_id=device())
    leader = a_leader(a_group(batu, qiqige, name="两人组"), "both", "都带")
    _, code = studied(qiqige, outline)
    answer = api(leader).post(PATH, {"text": code})
    assert answer.json()["member"]["name"] == "其其格"


def test_guessing_is_slowed_down(api, leader):
    client = api(leader)
    with time_machine.travel(NOON, tick=False):
        answers = [client.post(PATH, {"text": "00000"}) for _ in range(21)]
    assert {answer.status_code for answer in answers[:-1]} == {422}
    assert code_of(answers[-1], 429) == "too_many"
    assert int(answers[-1]["Retry-After"]) > 0


def test_signed_out_one_is_asked_to_sign_in(api):
    assert code_of(api().post(PATH, {"text": "00000"}), 401) == "not_signed_in"
