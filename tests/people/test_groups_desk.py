"""学习小组 at the desk: made, staffed from the ledger, and a way in for each, without any code."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from studyhub.core.clock import today
from studyhub.people.models import Duty, Member, PersonalCode, StudyGroup, User
from tests import factories as make

pytestmark = pytest.mark.django_db
ADDRESS = "/cms/study-groups/"


@pytest.fixture(autouse=True)
def branch():
    make.a_tree()
    return make.a_branch("鲁北镇党支部")


@pytest.fixture
def group(branch):
    return StudyGroup.objects.create(name="北京小组", branch=branch)


def on_ledger(name, phone="13800005678"):
    return make.a_member(name, phone=phone, user=None)


def act(client, group, what, **more):
    address = f"{ADDRESS}{group.public_id}/act/"
    return client.post(address, {"act": what} | more, follow=True)


def said(answer):
    return answer.content.decode()


def test_a_group_is_made_under_an_organisation(admin, branch):
    assert "还没有小组" in said(admin.get(ADDRESS))
    shown = said(admin.post(ADDRESS, {"name": " 北京 小组\n", "branch": branch.pk}, follow=True))
    assert "还没有组长" in shown
    assert StudyGroup.objects.get().branch == branch


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "长" * 61}, {"branch": ""}, {"branch": "x"}]
)
def test_what_is_missing_is_said_and_the_name_stays(admin, branch, wrong):
    answer = admin.post(ADDRESS, {"name": "南京小组", "branch": branch.pk} | wrong)
    assert answer.status_code == 422
    assert "请写小组的名称" in said(answer)
    assert not StudyGroup.objects.exists()


def test_two_groups_of_one_name_would_be_mixed_up(admin, branch, group):
    answer = admin.post(ADDRESS, {"name": group.name, "branch": branch.pk})
    assert "已经有叫这个名称的小组" in said(answer)


def test_somebody_of_the_ledger_leads_and_signs_in_with_a_code(admin, group):
    on_ledger("乌云")
    act(admin, group, "add", name="乌 云", kind="leader")
    duty = Duty.objects.get()
    assert (duty.user.display_name, duty.kind, duty.group) == ("乌云", "leader", group)
    member = Member.objects.get(name="乌云")
    shown = said(act(admin, group, "code", member=member.public_id))
    code = re.search(r"<strong>(\w{4} \w{4})</strong>", shown)[1]
    leader = Client()
    leader.post("/join/", {"code": code, "last_digits": "5678"})
    assert group.name in said(leader.get("/lead/"))


def test_a_duty_ends_and_stays_in_the_books(admin, group):
    on_ledger("乌云")
    act(admin, group, "add", name="乌云", kind="liaison")
    act(admin, group, "end_duty", duty=Duty.objects.get().pk)
    assert Duty.objects.get().ends_on == today()


def test_members_come_and_go_and_stay_in_the_books(admin, group):
    member = on_ledger("其其格")
    assert "其其格已经登记" in said(act(admin, group, "add", name="其其格"))
    act(admin, group, "leave", member=member.public_id)
    assert group.memberships.get().ends_on == today()


def test_two_of_one_name_are_asked_about(admin, group):
    one, other = on_ledger("其其格"), on_ledger("其其格", "13900001234")
    shown = said(act(admin, group, "add", name="其其格", kind="leader"))
    assert "是哪一位" in shown
    assert "138****5678" in shown
    assert not Duty.objects.exists()
    act(admin, group, "add", member=other.public_id, kind="leader")
    assert Duty.objects.get().user.member == other
    one.refresh_from_db()
    assert one.user is None


@pytest.mark.parametrize(
    ("what", "more", "words"),
    [
        ("add", {"name": "没有的人"}, "台账里没有这个人"),
        ("add", {"name": ""}, "台账里没有这个人"),
        ("add", {"member": "x"}, "台账里没有这个人"),
        ("leave", {"member": "x"}, "今天没有这位同志"),
        ("code", {"member": "x"}, "今天没有这位同志"),
        ("end_duty", {"duty": "9" * 30}, "已经结束"),
        ("burn", {}, "没有这个动作"),
    ],
)
def test_a_press_that_fits_nothing_is_refused_in_words(admin, group, what, more, words):
    answer = act(admin, group, what, **more)
    assert answer.status_code == 422
    assert words in said(answer)


def test_without_a_number_there_is_no_code_and_it_says_why(admin, group):
    member = on_ledger("其其格", "")
    act(admin, group, "add", name="其其格")
    assert "请先补上" in said(act(admin, group, "code", member=member.public_id))
    assert not PersonalCode.objects.exists()


@pytest.mark.parametrize("path", ["", "{}/"])
def test_a_longer_list_costs_no_more(admin, group, django_assert_max_num_queries, path):
    address = ADDRESS + path.format(group.public_id)
    admin.get(address)
    with CaptureQueriesContext(connection) as few:
        admin.get(address)
    least = len(few)
    for number in range(5):
        other = make.a_group(make.a_member(f"成员{number}"), name=f"小组{number}")
        make.a_leader(other, username=f"zuzhang{number}")
        act(admin, group, "add", name=f"成员{number}", kind=["", "leader"][number % 2])
    with django_assert_max_num_queries(least + 1):
        admin.get(address)


@pytest.mark.parametrize("path", ["", "{}/"])
def test_only_who_keeps_the_ledger_finds_it(sign_in, group, path):
    leader = sign_in(make.a_leader(group))
    address = ADDRESS + path.format(group.public_id)
    assert leader.get(address).status_code in (302, 403)
    assert leader.post(address).status_code in (302, 403, 405)
    assert act(leader, group, "add", name="其其格").status_code in (200, 403)
    assert User.objects.count() == 1
