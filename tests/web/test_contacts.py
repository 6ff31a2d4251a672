"""A leader calls, sends a text and notes it: from a phone, without a script, seen by the member."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from studyhub.core.clock import today
from studyhub.learning.models import Progress
from studyhub.people.models import Contact
from tests import factories as make
from tests.web.refusals import REFUSED_WORDS

NUMBER = "13900001234"


@pytest.fixture
def group(qiqige):
    return make.a_group(qiqige, make.a_member("巴图", phone="13700005678"))


@pytest.fixture
def leader(group, sign_in):
    return sign_in(make.a_leader(group))


@pytest.fixture
def url(group):
    def _url(member, tail=""):
        return f"/lead/groups/{group.public_id}/members/{member.public_id}/{tail}"

    return _url


def text_of(answer):
    return answer.content.decode()


def test_who_needs_a_hand_stands_on_top_with_the_reason_and_the_rest_is_folded(
    leader, group, lesson, plan, qiqige
):
    plan(group, lesson)
    make.study(qiqige, lesson)
    text = text_of(leader.get(f"/lead/groups/{group.public_id}/"))
    top, _, rest = text.partition('id="due"')
    assert "巴图" in top
    assert "还没有登录学习过" in top
    assert "其其格" not in top.partition('id="help"')[2]
    assert "<details><summary>全部成员" in rest
    assert not [word for word in REFUSED_WORDS if word in text]


def test_the_number_is_behind_a_button_and_on_no_other_page(leader, url, qiqige, group):
    for path in (f"/lead/groups/{group.public_id}/", url(qiqige)):
        assert NUMBER not in text_of(leader.get(path))
    answer = leader.post(url(qiqige, "call/"))
    assert f'href="tel:{NUMBER}"' in text_of(answer)
    assert answer["Cache-Control"] == "private, no-store"
    assert leader.get(url(qiqige, "call/")).status_code == 405


def test_the_member_sees_that_the_number_was_looked_up(leader, url, qiqige, sign_in):
    leader.post(url(qiqige, "call/"))
    assert "乌云看了“电话号码”" in text_of(sign_in(qiqige).get("/me/"))


def test_a_button_notes_what_came_of_it_and_the_member_reads_it(
    leader, url, qiqige, sign_in, group
):
    form = text_of(leader.get(url(qiqige)))
    key = re.search(r'name="id" value="(.*?)"', form)[1]
    for _ in range(2):  # pressed twice, noted once
        answer = leader.post(
            url(qiqige, "contact/"), {"id": key, "way": "phone", "outcome": "asked"}, follow=True
        )
    assert "和其其格的联系记下了" in text_of(answer)
    assert Contact.objects.count() == 1
    own = text_of(sign_in(qiqige).get("/me/"))
    assert "乌云打电话，有事要帮" in own


def test_what_no_button_says_is_refused_in_words(leader, url, qiqige):
    answer = leader.post(url(qiqige, "contact/"), {"outcome": "心情不好"})
    assert answer.status_code == 422
    assert "重新点一次" in text_of(answer)


def test_who_does_not_lead_them_today_finds_none_of_it(url, group, qiqige, sign_in):
    former = make.DutyFactory(group=group, ended=True).user
    elsewhere = make.a_leader(make.a_group(make.a_member("安娜")), "elsewhere")
    for who in (former, elsewhere, qiqige, make.an_orgadmin(group.branch)):
        client = sign_in(who)
        assert client.get(url(qiqige)).status_code == 404
        assert client.post(url(qiqige, "call/")).status_code == 404
        assert client.post(url(qiqige, "contact/"), {"outcome": "reached"}).status_code == 404
    assert not Contact.objects.exists()


def test_who_left_the_group_is_not_called_through_it(leader, url, qiqige, group):
    make.a_group(qiqige, name="另一组", branch=group.branch)
    qiqige.groups.filter(group=group).update(ends_on=today() - timedelta(days=1))
    assert leader.post(url(qiqige, "call/")).status_code == 404


def test_without_a_plan_people_can_be_called_all_the_same(leader, group):
    text = text_of(leader.get(f"/lead/groups/{group.public_id}/"))
    assert "没有进行中的学习计划" in text
    assert text.count("打电话</button>") == 2


def test_who_leads_several_groups_chooses(leader, group):
    user = group.duties.get().user
    other = make.a_group(name="呼市小组", branch=group.branch)
    make.DutyFactory(user=user, group=other)
    text = text_of(leader.get(f"/lead/groups/{group.public_id}/"))
    assert f'href="/lead/groups/{other.public_id}/">呼市小组' in text


def test_it_costs_the_same_whatever_the_size(sign_in, course, plan, django_assert_max_num_queries):
    group = make.a_group(*(make.a_member(f"学员{n}") for n in range(30)))
    plan(group, make.a_lesson(course))
    client = sign_in(make.a_leader(group))
    client.get(f"/lead/groups/{group.public_id}/")
    with django_assert_max_num_queries(15):
        client.get(f"/lead/groups/{group.public_id}/")


HOSTILE = "</li>\"'><script>&{name}{{x}}"


def test_whatever_a_name_a_title_or_a_number_says_the_lists_stay_what_they_are(
    sign_in, course, plan
):
    member = make.a_member(HOSTILE, phone="<b>5678901")
    group = make.a_group(member)
    lesson = make.a_lesson(course, title=HOSTILE)
    plan(group, lesson)
    make.begin(member, lesson)
    Progress.objects.update(updated_at=timezone.now() - timedelta(days=20))
    text = text_of(sign_in(make.a_leader(group)).get(f"/lead/groups/{group.public_id}/"))
    safe = "&lt;/li&gt;&quot;&#x27;&gt;&lt;script&gt;&amp;{name}{{x}}"
    assert f"<strong>{safe}</strong> <span data-reason>《{safe}》开了头，还没有学完</span>" in text
    assert f'data-copy="{safe}" aria-label="复制给{safe}的一段话"' in text
    assert f'href="{lesson.url}">{safe}</a></p>' in text
    assert f">{safe}</a></th>" in text
    assert "电话 &lt;b&gt;****8901" in text
    assert HOSTILE not in text
    assert "<b>5" not in text
