"""Pages that take study receipts: who may, what is told, and how a slip is shown."""

import pytest

from studyhub.people.models import RecordView
from studyhub.records.models import DeviceCursor, Record
from studyhub.records.receipt_keys import receipt_key
from studyhub.records.receipts import Writer
from tests import factories as make
from tests.records.receipt_writer import write_receipt


@pytest.fixture
def group(qiqige):
    return make.a_group(qiqige)


@pytest.fixture
def leader(group):
    return make.a_leader(group)


@pytest.fixture
def code(qiqige, lesson):
    outline = make.outline_of(lesson)
    DeviceCursor.objects.create(member=qiqige, device_id=make.device())
    return write_receipt(
        Writer(qiqige.user.account_id, make.device()),
        receipt_key(qiqige.user, make.device()),
        make.whole_study(outline),
        lesson_key=outline.lesson_key,
        revision=1,
        outline=outline,
    )


def hand_in(client, path, text):
    response = client.post(path, {"text": text})
    return response, response.content.decode()


def test_strangers_sign_in_first_and_come_back(client, db):
    for path in ("/lead/receipts/", "/me/receipts/"):
        assert client.get(path)["Location"] == f"/login/?next={path}"


def test_the_leader_hears_whose_and_which_lesson(sign_in, leader, code):
    response, text = hand_in(sign_in(leader), "/lead/receipts/", code)
    assert response.status_code == 200
    assert "收下了：其其格，《遵义会议》" in text
    assert "新记下 3 条" in text
    assert "学完" in text
    assert response["Cache-Control"] == "private, no-store"
    assert RecordView.objects.get().page == "学习凭条"


def test_a_second_time_is_told_and_records_nothing_more(sign_in, leader, code):
    client = sign_in(leader)
    hand_in(client, "/lead/receipts/", code)
    _, text = hand_in(client, "/lead/receipts/", code)
    assert "3 条原来就有，没有重复记" in text
    assert Record.objects.count() == 3


def test_the_wrong_group_is_named_and_marked_and_what_was_typed_stays(sign_in, leader, code):
    groups = code.split()
    groups[1] = ("A" if groups[1][0] != "A" else "B") + groups[1][1:]
    typed = " ".join(groups).lower()
    response, text = hand_in(sign_in(leader), "/lead/receipts/", typed)
    assert response.status_code == 422
    assert "第 2 组抄错了" in text
    assert f'<li class="wrong">{groups[1]} <b>' in text
    assert text.count('class="wrong"') == 1
    assert f">{typed}</textarea>" in text


def test_a_letter_too_few_is_told_by_its_group(sign_in, leader, code):
    groups = code.split()
    groups[4] = groups[4][:-1]
    _, text = hand_in(sign_in(leader), "/lead/receipts/", " ".join(groups))
    assert "第 5 组抄错了（填了 4 个字，应是 5 个）" in text


def test_a_strangers_receipt_tells_nothing_of_its_owner(sign_in, code):
    stranger = make.a_leader(make.a_group(make.a_member("巴图"), name="别组"), "other")
    response, text = hand_in(sign_in(stranger), "/lead/receipts/", code)
    assert response.status_code == 422
    assert "没有找到写这张凭条的手机" in text
    assert "其其格" not in text


def test_one_hands_in_the_receipt_of_ones_own_other_phone(sign_in, qiqige, code):
    _, text = hand_in(sign_in(qiqige), "/me/receipts/", code)
    assert "新记下 3 条" in text
    assert not RecordView.objects.exists()


def test_on_the_own_page_a_leader_takes_only_what_is_the_leaders(sign_in, group, code):
    batu = make.a_member("巴图")
    batu.user.duties.create(kind="leader", group=group, starts_on=make.LONG_AGO)
    response, _ = hand_in(sign_in(batu), "/me/receipts/", code)
    assert response.status_code == 422
    assert not Record.objects.exists()


def test_who_leads_nobody_has_no_such_page(sign_in, qiqige):
    assert sign_in(qiqige).get("/lead/receipts/").status_code == 404


def test_an_account_without_a_record_goes_to_its_own_page(sign_in, leader):
    assert sign_in(leader).get("/me/receipts/")["Location"] == "/me/"


def test_too_many_in_a_minute_are_asked_to_wait(sign_in, leader):
    client = sign_in(leader)
    answers = [hand_in(client, "/lead/receipts/", "00000")[0].status_code for _ in range(45)]
    assert 429 in answers


def test_what_was_typed_is_shown_as_text_only(sign_in, leader):
    _, text = hand_in(sign_in(leader), "/lead/receipts/", "<script>alert(1)</script>")
    assert "<script>alert" not in text


def test_a_scanned_address_leads_to_a_page_that_is_the_same_for_everybody(client, sign_in, leader):
    strangers, leaders = client.get("/receipts/"), sign_in(leader).get("/receipts/")
    assert strangers.content == leaders.content
    assert strangers["ETag"] == leaders["ETag"]
    assert 'href="/lead/receipts/"' in strangers.content.decode()


def test_the_pages_link_to_it(sign_in, leader, qiqige):
    assert 'href="/lead/receipts/"' in sign_in(leader).get("/lead/").content.decode()
    assert 'href="/me/receipts/"' in sign_in(qiqige).get("/me/").content.decode()
