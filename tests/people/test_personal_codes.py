"""A member without a password signs in with a code of the leader's and the end of their number."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from studyhub.core.clock import today
from studyhub.core.errors import Conflict
from studyhub.core.logs import without_codes
from studyhub.people.models import Duty, PersonalCode, RecordView, User
from studyhub.people.personal_codes import LASTS, LENGTH, SIGNS, give_code, plain
from studyhub.people.second_factor import set_up_paper
from tests import factories as make
from tests.random_ids import without_random

pytestmark = pytest.mark.django_db


@pytest.fixture
def qiqige():
    return make.a_member("其其格", phone="13800005678", user=None)


@pytest.fixture
def leader(qiqige):
    return make.a_leader(make.a_group(qiqige))


@pytest.fixture
def code(qiqige, leader):
    return give_code(qiqige, by=leader).spoken


def join(code, last_digits="5678", client=None, **more):
    form = {"code": code, "last_digits": last_digits} | more
    return (client or Client()).post("/join/", form)


def signed_in(answer):
    return answer.status_code == 302 and "sessionid" in answer.cookies


def test_the_first_time_an_account_is_made_and_it_stays(qiqige, leader, code):
    client = Client()
    assert signed_in(join(code, client=client))
    assert client.get("/me/").status_code == 200
    qiqige.refresh_from_db()
    assert (qiqige.user.display_name, qiqige.user.has_usable_password()) == ("其其格", False)
    assert signed_in(join(give_code(qiqige, by=leader).spoken))
    assert User.objects.filter(member=qiqige).count() == 1


def test_a_code_is_good_once(code):
    assert signed_in(join(code))
    again = join(code)
    assert not signed_in(again)
    assert "已经用过" in again.content.decode()


@pytest.mark.parametrize("last_digits", ["5679", "", "678", "05678", "13800005678", "𝟝67８x"])
def test_the_end_of_the_number_must_fit(code, last_digits):
    assert not signed_in(join(code, last_digits))
    assert signed_in(join(code))


def test_a_code_is_read_however_it_is_typed(code):
    assert signed_in(join(f" {code[:4].lower()}-{code[4:]} ", "５６７８"))


@given(st.text(alphabet=SIGNS, min_size=LENGTH, max_size=LENGTH))
def test_what_is_given_is_read_back(code):
    for typed in (code, code.lower(), f"{code[:4]} {code[4:]}", "-".join(code)):
        assert plain(typed) == code


def test_a_new_code_voids_the_one_before(qiqige, leader, code):
    newer = give_code(qiqige, by=leader).spoken
    assert not signed_in(join(code))
    assert signed_in(join(newer))


def test_after_seven_days_it_is_void(code):
    with time_machine.travel(timezone.now() + LASTS + timedelta(seconds=1)):
        assert not signed_in(join(code))
    with time_machine.travel(timezone.now() + LASTS - timedelta(seconds=1)):
        assert signed_in(join(code))


def test_the_code_itself_is_nowhere_in_the_database(code):
    row = PersonalCode.objects.values().get()
    assert code not in repr(row)


def test_without_a_number_on_the_ledger_there_is_no_code(keeper):
    nobody = make.a_member("巴图", phone="", user=None)
    with pytest.raises(Conflict, match="手机号"):
        give_code(nobody, by=keeper)


def an_office(kind, user):
    if kind == "orgadmin":
        make.DutyFactory(orgadmin=True, branch=make.a_branch("总支"), user=user)
    elif kind == "leader":
        make.DutyFactory(group=make.a_group(name="别组"), user=user)
    elif kind == "editor":
        user.groups.add(Group.objects.get_or_create(name="editor")[0])
    elif kind == "permission":
        user.user_permissions.add(Permission.objects.first())
    else:
        User.objects.filter(pk=user.pk).update(**{kind: kind != "is_active"})


OFFICES = ("is_active", "is_staff", "is_superuser", "editor", "permission", "orgadmin", "leader")


@pytest.mark.parametrize("kind", OFFICES)
def test_a_leader_opens_nothing_but_a_members_own_record(qiqige, leader, code, kind):
    """Neither with a new code nor with one given before the office."""
    qiqige.user = make.a_user("dy1")
    qiqige.save()
    an_office(kind, qiqige.user)
    qiqige.refresh_from_db()
    with pytest.raises(Conflict, match="不能给"):
        give_code(qiqige, by=leader)
    assert not signed_in(join(code))
    said = {"code": code, "phone_last4": "5678"}
    assert Client().post("/api/v1/session/code", said, "application/json").status_code == 401


@pytest.mark.parametrize("kind", OFFICES[:-1])
def test_not_even_who_keeps_the_ledger_lets_somebody_in_to_the_desk(qiqige, keeper, kind):
    qiqige.user = make.a_user("dy1")
    qiqige.save()
    an_office(kind, qiqige.user)
    qiqige.refresh_from_db()
    with pytest.raises(Conflict, match="不能给"):
        give_code(qiqige, by=keeper)


def test_a_leader_has_their_way_in_from_who_keeps_the_ledger(qiqige, keeper):
    qiqige.user = make.a_user("dy1")
    qiqige.save()
    an_office("leader", qiqige.user)
    assert signed_in(join(give_code(qiqige, by=keeper).spoken))


def test_a_code_ends_with_the_right_to_give_it(qiqige, leader, code):
    Duty.objects.update(ends_on=today() - timedelta(days=1), starts_on=today() - timedelta(days=9))
    assert not signed_in(join(code))


def test_no_log_holds_a_code():
    for text in ("GET /join/ABCD2345", "Forbidden: /JOIN/ABCD2345/", "/join/ab%63/ gone"):
        assert "ABCD" not in without_codes(text)
        assert "%63" not in without_codes(text)
    assert without_codes("GET /join/") == "GET /join/"


def test_guessing_is_slowed_and_the_right_code_of_another_phone_is_not(code):
    guesser = Client(REMOTE_ADDR="203.0.113.5")
    answers = [join(code, f"{n:04}", client=guesser).status_code for n in range(6)]
    assert answers[-1] == 429
    assert signed_in(join(code, client=Client(REMOTE_ADDR="198.51.100.7")))


def test_who_has_a_second_step_is_asked_for_it(qiqige, keeper, code):
    join(code)
    qiqige.refresh_from_db()
    set_up_paper(qiqige.user)
    answer = join(give_code(qiqige, by=keeper).spoken)
    assert not signed_in(answer)
    assert "两步登录" in answer.content.decode()


def test_what_was_carried_and_where_one_wanted_to_go_is_kept(code):
    answer = join(code, next="/me/corrections/")
    assert answer["Location"] == "/me/corrections/"


def test_a_link_with_the_code_fills_it_in_and_uses_nothing_up(code):
    for _ in range(2):
        assert f'value="{code}"' in Client().get(f"/join/{code}/").content.decode()
    assert signed_in(join(code))


@pytest.mark.parametrize("odd", ["%00", "%E4%B8%AD%E6%96%87", "x" * 300, "%3Cscript%3E"])
def test_any_link_is_a_page(odd):
    assert Client().get(f"/join/{odd}/").status_code == 200


def test_the_api_gives_what_a_sign_in_gives(code):
    said = {"code": code, "phone_last4": "5678"}
    client = Client()
    answer = client.post("/api/v1/session/code", said, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["member"]["name"] == "其其格"
    assert answer.json()["upload_ticket"]
    assert client.get("/api/v1/me").status_code == 200
    again = Client().post("/api/v1/session/code", said, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (401, "bad_code")


def page_of(leader):
    return f"/lead/groups/{leader.duties.get().group.public_id}/codes/"


def test_the_leader_sees_who_never_signed_in_and_gives_a_code(qiqige, leader, sign_in):
    client, address = sign_in(leader), page_of(leader)
    assert "还没有登录过" in client.get(address).content.decode()
    shown = client.post(f"{address}{qiqige.public_id}/").content.decode()
    spoken = PersonalCode.objects.get()
    assert "5678" not in without_random(shown).replace("****5678", "")
    code = shown.split("/join/")[1].split("/")[0]
    assert len(code) == LENGTH
    assert signed_in(join(code))
    spoken.refresh_from_db()
    assert spoken.used_at
    assert RecordView.objects.get().page == "给了个人码"


def test_a_leader_gives_codes_to_nobody_elses_members(leader, sign_in):
    other = make.a_member("巴图", phone="13900000000", user=None)
    assert sign_in(leader).post(f"{page_of(leader)}{other.public_id}/").status_code == 404
    stranger = make.a_leader(make.a_group(other, name="别组"), username="bayar")
    assert sign_in(stranger).get(page_of(leader)).status_code == 404
    assert Client().post(f"{page_of(leader)}{other.public_id}/").status_code == 302
    assert not PersonalCode.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_the_same_moment_sign_in_once():
    member = make.a_member("其其格", phone="13800005678", user=None)
    code = give_code(member, by=make.a_user("gaowa", is_superuser=True)).spoken
    together = Barrier(2)

    def work(_):
        try:
            together.wait(timeout=30)
            return signed_in(join(code))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == [False, True]
    assert User.objects.filter(member=member).count() == 1
