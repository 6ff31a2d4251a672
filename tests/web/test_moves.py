"""我换地方了 without a script: reported, asked again, entered by who leads or asked back."""

import re

import pytest

from studyhub.people.models import Member, MoveReport
from studyhub.people.moves import proposals_of, report_move
from tests import factories as make

PHONE = "13800005678"


@pytest.fixture
def group(qiqige):
    return make.a_group(qiqige)


@pytest.fixture
def leader(group, sign_in):
    return sign_in(make.a_leader(group))


@pytest.fixture
def url(group, qiqige):
    return f"/lead/groups/{group.public_id}/members/{qiqige.public_id}/move/"


@pytest.fixture
def reported(qiqige):
    said = {"place": "深圳宝安", "phone": PHONE}
    return report_move(member=qiqige, report_id="01920000-0000-7000-8000-000000000001", said=said)


def text_of(answer):
    return answer.content.decode()


def version_of(text):
    return re.search(r'name="version" value="(.*?)"', text)[1]


def test_a_member_reports_and_sees_that_it_waits(sign_in, qiqige):
    client = sign_in(qiqige)
    assert 'href="/me/move/"' in text_of(client.get("/me/"))
    answer = client.post("/me/move/", {"place": "深圳宝安", "since": "2026.9"}, follow=True)
    assert "收到了" in text_of(answer)
    assert "等组长登记" in text_of(answer)
    assert "没有登记" in text_of(answer)  # the ledger is as it was
    assert MoveReport.objects.get().since == "2026-09"


def test_an_unclear_place_is_asked_again_with_nothing_lost(sign_in, qiqige):
    client = sign_in(qiqige)
    answer = client.post("/me/move/", {"place": "朝阳", "phone": PHONE})
    assert answer.status_code == 422
    text = text_of(answer)
    assert "您说的是哪一个" in text
    assert 'value="北京市朝阳区"' in text
    assert f'value="{PHONE}"' in text
    assert not MoveReport.objects.exists()
    client.post("/me/move/", {"place": "朝阳", "place_choice": "北京市朝阳区"})
    assert MoveReport.objects.get().place == "北京市朝阳区"


def test_who_cannot_say_it_better_hands_it_in_as_it_is(sign_in, qiqige):
    sign_in(qiqige).post("/me/move/", {"place": "工地上", "as_is": "1"})
    assert MoveReport.objects.get().place == "工地上"


def test_the_leader_finds_it_in_the_group_and_enters_it(
    leader, url, group, qiqige, reported, sign_in
):
    assert url in text_of(leader.get(f"/lead/groups/{group.public_id}/"))
    text = text_of(leader.get(url))
    assert 'value="广东省深圳市宝安区"' in text
    assert PHONE not in text
    assert "138****5678" in text
    form = {"version": version_of(text), "place": "广东省深圳市宝安区", "new_phone": "1"}
    assert "已经登记" in text_of(leader.post(url, form, follow=True))
    member = Member.objects.get()
    assert (member.host_place_code, member.phone) == ("440306", PHONE)
    assert "广东省深圳市宝安区" in text_of(sign_in(qiqige).get("/me/move/"))


def test_what_is_typed_wrong_is_shown_again(leader, url, reported):
    version = version_of(text_of(leader.get(url)))
    answer = leader.post(url, {"version": version, "place": "朝阳", "phone": "12"})
    assert answer.status_code == 422
    assert 'value="朝阳"' in text_of(answer)
    assert "11 位数字" in text_of(answer)


def test_the_second_is_shown_what_the_first_did(leader, url, qiqige, reported):
    version = version_of(text_of(leader.get(url)))
    leader.post(url, {"version": version, "place": "深圳宝安"})
    answer = leader.post(url, {"version": version, "place": "北京朝阳"})
    assert answer.status_code == 409
    assert "已经有人登记" in text_of(answer)
    assert Member.objects.get().host_place_code == "440306"


def test_the_member_reads_what_is_asked_back(leader, url, sign_in, qiqige, reported):
    version = version_of(text_of(leader.get(url)))
    leader.post(url, {"version": version, "ask": "1", "question": "call_me"})
    assert "请方便时给我打个电话" in text_of(sign_in(qiqige).get("/me/move/"))
    assert proposals_of([qiqige])


def test_nobody_else_finds_it(sign_in, url, group, qiqige, reported):
    former = make.DutyFactory(group=group, ended=True).user
    for who in (former, qiqige, make.an_orgadmin(group.branch)):
        assert sign_in(who).get(url).status_code == 404
        assert sign_in(who).post(url, {"place": "深圳宝安"}).status_code == 404
        assert sign_in(who).get("/lead/returning/").status_code == 404


def test_who_comes_home_is_listed_by_name_and_told_so(leader, qiqige, sign_in):
    from studyhub.core.clock import today

    assert "还没有人说过" in text_of(leader.get("/lead/returning/"))
    Member.objects.update(return_month=f"{today():%Y-%m}")
    assert "其其格" in text_of(leader.get("/lead/returning/"))
    assert "返乡名单" in text_of(sign_in(qiqige).get("/me/"))


def test_only_a_liaison_is_asked_where_to_and_finds_what_was_typed(
    leader, url, group, qiqige, reported, sign_in
):
    other = make.a_group(name="沈阳小组", branch=make.a_branch("沈阳流动党支部", group.branch))
    assert "沈阳小组" not in text_of(leader.get(url))
    liaison = sign_in(make.DutyFactory(liaison=True, group=group).user)
    text = text_of(liaison.get(url))
    assert f'value="{other.public_id}">沈阳流动党支部，转到沈阳小组' in text
    form = {"version": version_of(text), "to": str(other.public_id), "on": "2024-01-01"}
    answer = liaison.post(url, form)
    assert answer.status_code == 409
    assert f'value="{other.public_id}" selected' in text_of(answer)
    text = text_of(liaison.post(url, form | {"on": ""}, follow=True))
    assert "也转过去了" in text
    assert [tie.group for tie in qiqige.groups.filter(ends_on=None)] == [other]
