"""Own record and leader's pages: who may see them, what stands in them, what it costs."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from studyhub.core.clock import today
from studyhub.people.models import Duty, RecordView
from tests import factories as make
from tests.web.refusals import REFUSED_WORDS


@pytest.fixture
def batu(db):
    return make.a_member("巴图", username="batu")


@pytest.fixture
def group(qiqige, batu):
    return make.a_group(qiqige, batu)


@pytest.fixture
def leader(group):
    return make.a_leader(group)


def group_url(group, tail=""):
    return f"/lead/groups/{group.public_id}/{tail}"


def test_strangers_sign_in_first_and_come_back(client, group):
    for path in ("/me/", "/lead/", group_url(group), group_url(group, "completion.xlsx")):
        response = client.get(path)
        assert response.status_code == 302
        assert response["Location"] == f"/login/?next={path}"


def test_private_pages_are_never_kept_by_a_cache(sign_in, leader, qiqige, group):
    for who, path in ((qiqige, "/me/"), (leader, "/lead/"), (leader, group_url(group))):
        response = sign_in(who).get(path)
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"


def test_my_page_shows_plan_courses_and_due_date(sign_in, qiqige, group, lesson, plan):
    plan(group, lesson)
    make.study(qiqige, lesson)
    text = sign_in(qiqige).get("/me/").content.decode()
    due = today() + timedelta(days=20)
    assert "其其格" in text
    assert "秋季学习" in text
    assert f"{due.month}月{due.day}日前学" in text
    assert "✓ 学完" in text
    assert "学完 1 课" in text


def test_i_see_who_looked_at_my_record(sign_in, qiqige, leader, group, lesson, plan):
    plan(group, lesson)
    sign_in(leader).get(group_url(group))
    sign_in(leader).get(group_url(group, "completion.xlsx"))
    text = sign_in(qiqige).get("/me/").content.decode()
    assert "乌云看了“小组学习情况”" in text
    assert "乌云看了“小组学习情况表（下载）”" in text
    assert RecordView.objects.count() == 4


def test_a_working_account_has_a_page_of_its_own(sign_in, leader):
    text = sign_in(leader).get("/me/").content.decode()
    assert "没有学习记录" in text
    assert 'href="/lead/"' in text


def test_a_leader_sees_counts_names_in_order_and_no_results_order(
    sign_in, leader, group, batu, lesson, plan
):
    plan(group, lesson, due_on=today() - timedelta(days=1))
    make.study(batu, lesson)
    text = sign_in(leader).get(group_url(group)).content.decode()
    assert "已有 1 人学完" in text
    names = [
        line.member.name
        for line in sign_in(leader).get(group_url(group)).context["completion"].members
    ]
    assert names == ["巴图", "其其格"]  # by sound, whoever has finished
    assert "139****1234" in text
    assert "13900001234" not in text
    assert "tel:" not in text


def test_a_group_without_a_plan_says_so(sign_in, leader, group):
    assert "没有进行中的学习计划" in sign_in(leader).get(group_url(group)).content.decode()
    assert sign_in(leader).get(group_url(group, "completion.xlsx")).status_code == 404


@pytest.mark.parametrize("slug", ["another", "%00", "'"])
def test_a_plan_that_is_not_there_is_not_found(sign_in, leader, group, slug):
    assert sign_in(leader).get(group_url(group) + f"?plan={slug}x").status_code == 404


def test_the_sheet_holds_the_rows_of_the_screen(sign_in, leader, group, batu, lesson, plan):
    plan(group, lesson)
    make.study(batu, lesson)
    response = sign_in(leader).get(group_url(group, "completion.xlsx"))
    assert response["Content-Disposition"].startswith("attachment; filename")
    sheet = load_workbook(BytesIO(response.content)).active
    rows = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True)}
    assert rows["巴图"][0] == "学完"
    assert rows["其其格"][0] == "未开始"


def test_what_is_not_mine_to_see_is_not_there(sign_in, qiqige, leader, group):
    other = make.a_group(name="呼市小组", branch=make.a_branch("另一个旗委"))
    ended = make.a_user("former")
    yesterday = today() - timedelta(days=1)
    Duty.objects.create(
        user=ended, kind="leader", group=group, starts_on=make.LONG_AGO, ends_on=yesterday
    )
    cases = [
        (qiqige, "/lead/"),
        (qiqige, group_url(group)),
        (ended, group_url(group)),
        (leader, group_url(other)),
        (leader, group_url(other, "completion.xlsx")),
        (leader, f"/lead/groups/{uuid4()}/"),
        (leader, f"/lead/branches/{group.branch.public_id}/"),
    ]
    for who, path in cases:
        assert sign_in(who).get(path).status_code == 404, path


def test_the_organisation_department_sees_counts_and_no_name(sign_in, group, lesson, plan):
    plan(group, lesson)
    officer = make.an_orgadmin(group.branch)
    client = sign_in(officer)
    assert group.branch.name in client.get("/lead/").content.decode()
    text = client.get(f"/lead/branches/{group.branch.public_id}/").content.decode()
    assert "不列名字" in text
    assert "其其格" not in text
    assert client.get(group_url(group)).status_code == 404


def test_a_branch_inside_the_tree_leads_back_up(sign_in, db):
    root = make.a_branch()
    child = make.a_branch("鲁北镇", parent=root)
    make.a_branch("一支部", parent=child)
    client = sign_in(make.an_orgadmin(root))
    assert (
        f"/lead/branches/{child.public_id}/"
        in client.get(f"/lead/branches/{root.public_id}/").content.decode()
    )
    assert (
        f"/lead/branches/{root.public_id}/"
        in client.get(f"/lead/branches/{child.public_id}/").content.decode()
    )
    below = sign_in(make.an_orgadmin(child, "zhen"))
    assert (
        f"/lead/branches/{root.public_id}/"
        not in below.get(f"/lead/branches/{child.public_id}/").content.decode()
    )
    assert below.get(f"/lead/branches/{root.public_id}/").status_code == 404


def test_the_place_for_leaders_is_shown_to_leaders_only(sign_in, leader, qiqige):
    assert 'id="lead-place" hidden' in sign_in(qiqige).get("/me/").content.decode()
    assert 'id="lead-place" hidden' not in sign_in(leader).get("/me/").content.decode()


def test_private_pages_count_rank_and_hurry_nobody(sign_in, leader, qiqige, group, lesson, plan):
    plan(group, lesson)
    for who, path in ((qiqige, "/me/"), (leader, "/lead/"), (leader, group_url(group))):
        text = sign_in(who).get(path).content.decode()
        assert not [word for word in REFUSED_WORDS if word in text], path


def test_the_group_page_costs_the_same_for_thirty(
    sign_in, course, plan, django_assert_max_num_queries
):
    members = [make.a_member(f"学员{number:02}") for number in range(30)]
    group = make.a_group(*members)
    plan(group, *(make.a_lesson(course, slug=f"lesson-{number}") for number in range(4)))
    client = sign_in(make.a_leader(group))
    client.get(group_url(group))
    with django_assert_max_num_queries(16):  # who asks to join the last to come
        client.get(group_url(group))


def test_my_page_costs_few_queries(
    sign_in, qiqige, group, course, plan, django_assert_max_num_queries
):
    pages = [make.a_lesson(course, slug=f"lesson-{n}") for n in range(6)]
    plan(group, *pages)
    client = sign_in(qiqige)
    client.get("/me/")
    # One for each table it is made of, 谁改过我的资料 the last to come.
    with django_assert_max_num_queries(24):
        client.get("/me/")
