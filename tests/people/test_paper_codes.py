"""A code on paper: good as often as it is used, without a leader, and never for an office."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from studyhub.core.clock import today
from studyhub.core.errors import Conflict
from studyhub.people.models import Duty, PersonalCode, RecordView
from studyhub.people.personal_codes import LASTS, PAPER_LASTS, give_code
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def qiqige():
    return make.a_member("其其格", phone="13800005678", username="qiqige")


@pytest.fixture
def leader(qiqige):
    return make.a_leader(make.a_group(qiqige))


def signs_in(code, last_digits="5678", client=None):
    form = {"code": code, "last_digits": last_digits}
    answer = (client or Client()).post("/join/", form)
    return answer.status_code == 302 and "sessionid" in answer.cookies


def own_code(client):
    text = client.post("/me/paper-code/").content.decode()
    found = re.search(r"/join/(\w{8})/", text)
    return found and found[1]


def codes_of(leader):
    return f"/lead/groups/{leader.duties.get(ends_on=None).group.public_id}/codes/"


def test_a_new_phone_needs_no_leader(sign_in, qiqige, leader):
    code = own_code(sign_in(qiqige))
    Duty.objects.update(ends_on=today() - timedelta(days=1))
    for day in (0, 8, 300):
        with time_machine.travel(timezone.now() + timedelta(days=day)):
            assert signs_in(code)
    with time_machine.travel(timezone.now() + PAPER_LASTS + timedelta(minutes=1)):
        assert not signs_in(code)


def test_it_is_shown_once_and_kept_as_a_digest(sign_in, qiqige):
    client = sign_in(qiqige)
    code = own_code(client)
    assert code not in client.get("/me/paper-code/").content.decode()
    assert code not in repr(PersonalCode.objects.values().get())


def test_the_end_of_the_number_must_fit_as_it_is_now(sign_in, qiqige):
    """A changed number is changed on the ledger first."""
    code = own_code(sign_in(qiqige))
    assert not signs_in(code, "2222")
    qiqige.phone = "13911112222"
    qiqige.save()
    assert not signs_in(code, "5678")
    assert signs_in(code, "2222")


def test_a_new_one_voids_the_one_before_and_no_code_of_the_other_kind(sign_in, qiqige, leader):
    once = give_code(qiqige, by=leader).spoken
    first = own_code(sign_in(qiqige))
    second = own_code(sign_in(qiqige))
    assert not signs_in(first)
    assert signs_in(second)
    assert signs_in(once)
    assert not signs_in(once)


def test_one_from_a_leader_ends_with_the_right_to_give_it(qiqige, leader):
    code = give_code(qiqige, by=leader, on_paper=True).spoken
    assert signs_in(code)
    with time_machine.travel(timezone.now() + LASTS * 2):
        assert signs_in(code)
    Duty.objects.update(ends_on=today() - timedelta(days=1))
    assert not signs_in(code)


@pytest.mark.parametrize("office", ["leads", "staff"])
def test_it_opens_no_office_neither_then_nor_later(sign_in, qiqige, office):
    code = own_code(sign_in(qiqige))
    if office == "leads":
        make.DutyFactory(user=qiqige.user, group=make.a_group(name="别组"))
    else:
        qiqige.user.is_staff = True
        qiqige.user.save()
    assert not signs_in(code)
    qiqige.refresh_from_db()
    with pytest.raises(Conflict, match="不能给"):
        give_code(qiqige, by=qiqige.user, on_paper=True)


def test_nobody_writes_one_for_somebody_else(qiqige):
    with pytest.raises(Conflict, match="不能给"):
        give_code(qiqige, by=make.a_member("巴图", username="batu").user, on_paper=True)


def test_a_shared_phone_writes_none(qiqige, leader):
    phone = Client()
    form = {"code": give_code(qiqige, by=leader).spoken, "last_digits": "5678", "shared": "1"}
    phone.post("/join/", form)
    answer = phone.post("/me/paper-code/")
    assert answer.status_code == 409
    assert "公用手机" in answer.content.decode()
    assert not PersonalCode.objects.filter(on_paper=True).exists()


def test_guessing_is_slowed(sign_in, qiqige):
    code = own_code(sign_in(qiqige))
    guesser = Client(REMOTE_ADDR="203.0.113.5")
    for n in range(6):
        assert not signs_in(code, f"{n:04}", guesser)
    assert not signs_in(code, client=guesser)  # has to wait there
    assert signs_in(code, client=Client(REMOTE_ADDR="198.51.100.7"))


def test_the_leader_prints_one_for_each_who_has_none(sign_in, qiqige, leader):
    group = leader.duties.get().group
    batu = make.a_member("巴图", phone="13800001111", user=None)
    nobody = make.a_member("无号", phone="", user=None)
    for member in (batu, nobody):
        make.GroupMembershipFactory(group=group, member=member)
    mine = own_code(sign_in(qiqige))
    client = sign_in(leader)
    text = client.post(f"{codes_of(leader)}paper/").content.decode()
    assert "巴图" in text
    assert "其其格" not in text
    assert "无号" not in text
    assert signs_in(re.search(r"/join/(\w{8})/", text)[1], "1111")
    assert signs_in(mine)
    assert RecordView.objects.get(page="给了纸上的个人码").member == batu
    assert "都有了" in client.post(f"{codes_of(leader)}paper/").content.decode()


def test_a_lost_phone_is_signed_out_by_the_leader(sign_in, qiqige, leader):
    lost = sign_in(qiqige)
    url = f"{codes_of(leader)}{qiqige.public_id}/sign-out/"
    stranger = make.a_leader(make.a_group(name="别组"), username="bayar")
    assert sign_in(stranger).post(url).status_code == 404
    assert sign_in(stranger).post(f"{codes_of(leader)}paper/").status_code == 404
    assert lost.get("/me/").status_code == 200
    assert "退出了" in sign_in(leader).post(url, follow=True).content.decode()
    assert lost.get("/me/").status_code == 302
    assert RecordView.objects.filter(member=qiqige, page="让丢了的手机退出登录").exists()


def test_the_page_to_sign_in_says_what_to_do_in_each_case():
    text = Client().get("/join/").content.decode()
    for words in ("换了新手机", "手机丢了", "换了号码", "共用一部手机"):
        assert words in text
