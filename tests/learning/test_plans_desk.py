"""学习计划 at the desk: written from what is open, published when it can be studied."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studyhub.core.clock import today
from studyhub.learning.desk.plan_forms import LINES
from studyhub.learning.models import PlannedLesson, StudyPlan
from studyhub.learning.plans import plan_of_branch, plans_of
from tests import factories as make

pytestmark = pytest.mark.django_db
ADDRESS = "/cms/study-plans/"
FIRST, LAST = date(2027, 3, 1), date(2027, 6, 30)


@pytest.fixture(autouse=True)
def course():
    return make.a_course()


@pytest.fixture
def lesson(course):
    return make.a_lesson(course, title="遵义会议")


@pytest.fixture
def branch():
    return make.a_branch("鲁北镇党委")


@pytest.fixture
def admin(sign_in):
    return sign_in(make.a_user("gaowa", "高娃", is_superuser=True))


def form(branch, *lessons, version=0, **head):
    """What the page sends; a lesson is a page, or a page with what its line says."""
    lines = [one if isinstance(one, tuple) else (one, {}) for one in lessons]
    data = {
        "title": "春季学习计划",
        "branch": branch.pk,
        "starts_on": FIRST,
        "ends_on": LAST,
        "version": version,
        f"{LINES}-TOTAL_FORMS": len(lines),
        f"{LINES}-INITIAL_FORMS": 0,
    }
    for n, (page, line) in enumerate(lines):
        line = {"lesson_key": page.translation_key, "required": "on", "ORDER": n + 1} | line
        data |= {f"{LINES}-{n}-{name}": value for name, value in line.items()}
    return data | head


def said(answer):
    return answer.content.decode()


def stored(plan):
    plan.refresh_from_db()
    return [(x.lesson_key, x.required, x.due_on) for x in plan.planned.all()]


def publish(client, branch, *lessons, **head):
    client.post(f"{ADDRESS}new/", form(branch, *lessons, act="publish", **head))
    return StudyPlan.objects.get()


def test_from_nothing_to_a_plan_that_its_people_see(admin, branch, lesson):
    assert "还没有学习计划" in said(admin.get(ADDRESS))
    member = make.BranchMembershipFactory(branch=branch).member
    page = said(admin.post(f"{ADDRESS}new/", form(branch, q="遵义")))
    assert "没有找到" not in page
    adding = form(branch, act=f"add {lesson.translation_key}")
    assert f'value="{lesson.translation_key}"' in said(admin.post(f"{ADDRESS}new/", adding))
    assert not StudyPlan.objects.exists()  # adding stores nothing

    plan = publish(admin, branch, (lesson, {"due_on": "2027-04-01"}))
    assert stored(plan) == [(lesson.translation_key, True, date(2027, 4, 1))]
    assert plans_of(member, FIRST) == [plan]
    shown = said(admin.get(f"{ADDRESS}{plan.slug}/"))
    assert "1 人" in shown
    assert "已发布，还没开始" in shown


def test_a_draft_is_seen_by_nobody_and_a_plan_taken_back_no_more(admin, branch, lesson):
    member = make.BranchMembershipFactory(branch=branch).member
    admin.post(f"{ADDRESS}new/", form(branch, lesson, act="save"))
    plan = StudyPlan.objects.get()
    assert plans_of(member, FIRST) == []
    assert plan_of_branch(branch, plan.slug) is None
    admin.post(f"{ADDRESS}{plan.slug}/", form(branch, lesson, version=1, act="publish"))
    assert plans_of(member, FIRST) == [plan]
    plan.refresh_from_db()
    back = form(branch, lesson, version=plan.version, act="take_back")
    admin.post(f"{ADDRESS}{plan.slug}/", back)
    assert plans_of(member, FIRST) == []


def test_without_a_lesson_it_is_a_draft_at_most(admin, branch):
    answer = admin.post(f"{ADDRESS}new/", form(branch, act="publish"))
    assert answer.status_code == 422
    assert "计划里还没有课" in said(answer)
    assert not StudyPlan.objects.exists()


def test_a_lesson_taken_down_is_named_and_not_published(admin, branch, lesson):
    lesson.unpublish()
    answer = admin.post(f"{ADDRESS}new/", form(branch, lesson, act="publish"))
    assert "这些课现在没有公开，学员打不开：遵义会议" in said(answer)
    assert not StudyPlan.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_on": "2027-02-01"}, "结束的日期早于开始的日期"),
        ({"title": " "}, "请写名称"),
        ({"starts_on": "三月"}, "看不懂这个日期"),
        ({"branch": "999999"}, "请选您管的党组织"),
        ({f"{LINES}-0-due_on": "2027-07-01"}, "要在计划的日期里"),
        ({f"{LINES}-0-ORDER": "一"}, "请写一个数字"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    admin, branch, lesson, wrong, words
):
    answer = admin.post(f"{ADDRESS}new/", form(branch, lesson, act="save") | wrong)
    assert answer.status_code == 422
    assert words in said(answer)
    [(_, value)] = wrong.items()
    assert value in said(answer) or not value.strip() or value == "999999"
    assert str(lesson.translation_key) in said(answer)
    assert not StudyPlan.objects.exists()


def test_order_required_and_what_is_dropped_follow_the_form(admin, branch, course, lesson):
    second, third = (make.a_lesson(course, title=title) for title in ("古田", "延安"))
    plan = publish(admin, branch, lesson, second, third)
    lines = (
        (lesson, {"ORDER": 3, "required": ""}),
        (second, {"DELETE": "on"}),
        (third, {"ORDER": 1}),
    )
    data = form(branch, *lines, version=plan.version, act="save")
    admin.post(f"{ADDRESS}{plan.slug}/", data)
    assert stored(plan) == [
        (third.translation_key, True, None),
        (lesson.translation_key, False, None),
    ]


def test_of_two_people_at_one_plan_the_second_is_told_and_keeps_what_they_typed(
    admin, branch, lesson
):
    plan = publish(admin, branch, lesson)
    address, seen = f"{ADDRESS}{plan.slug}/", plan.version
    first = form(branch, lesson, title="先存的", version=seen, act="save")
    second = form(branch, lesson, title="后存的", version=seen, act="save")
    admin.post(address, first)
    answer = admin.post(address, second)
    assert "别人改过这个计划" in said(answer)
    assert "后存的" in said(answer)
    plan.refresh_from_db()
    assert plan.title == "先存的"


def test_the_next_season_is_the_last_one_moved_on_without_what_was_closed(
    admin, branch, course, lesson
):
    closed = make.a_lesson(course, title="下架的课")
    plan = publish(admin, branch, (lesson, {"due_on": "2027-03-31"}), closed)
    closed.unpublish()
    page = said(admin.get(f"{ADDRESS}new/?like={plan.slug}"))
    moved = timedelta(days=(LAST - FIRST).days + 1)
    for day in (FIRST + moved, LAST + moved, date(2027, 3, 31) + moved):
        assert f'value="{day}"' in page
    assert str(closed.translation_key) not in page
    assert "没有照抄过来：下架的课" in page


def test_two_plans_of_one_month_have_names_of_their_own(admin, branch, lesson):
    for _ in range(2):
        admin.post(f"{ADDRESS}new/", form(branch, lesson, act="save"))
    assert sorted(StudyPlan.objects.values_list("slug", flat=True)) == ["2027-03", "2027-03-2"]


def test_everybody_below_is_counted_once_and_the_exempt_apart(admin, branch, lesson):
    below = make.a_branch("支部", branch)
    qiqige = make.BranchMembershipFactory(branch=below, member__name="其其格").member
    old = make.BranchMembershipFactory(branch=below, member__exempt_reason="age").member
    make.a_group(qiqige, branch=branch)
    make.BranchMembershipFactory(branch=make.a_branch("别处"))
    plan = publish(admin, branch, lesson, starts_on=today(), ends_on=today())
    shown = re.sub(r"\s+", "", said(admin.get(f"{ADDRESS}{plan.slug}/")))
    assert "2人，其中1人免除学习要求" in shown
    assert "北京小组1人；1人还没有进小组" in shown
    assert old.name not in shown


def an_editor():
    user = make.a_user("bianji")
    user.groups.add(Group.objects.get(name="editor"))
    return user


@pytest.mark.parametrize("address", ["", "new/", "2027-03/"])
@pytest.mark.parametrize("who", ["editor", "leader", "member"])
def test_others_set_no_plans(sign_in, admin, branch, lesson, who, address):
    publish(admin, branch, lesson)
    member = make.a_member("其其格", username="qiqige")
    people = {
        "editor": an_editor,
        "leader": lambda: make.a_leader(make.a_group(member)),
        "member": lambda: member,
    }
    client = sign_in(people[who]())
    assert client.get(ADDRESS + address).status_code in (302, 403, 404)
    client.post(ADDRESS + address, form(branch, lesson, act="save", title="不该有的"))
    assert not StudyPlan.objects.filter(title="不该有的").exists()


def test_an_organisation_department_sets_plans_for_its_tree_alone(sign_in, branch, lesson):
    elsewhere = make.StudyPlanFactory(branch=make.a_branch("别处"), slug="elsewhere")
    client = sign_in(make.an_orgadmin(branch))
    assert client.get(f"{ADDRESS}{elsewhere.slug}/").status_code == 404
    assert elsewhere.title not in said(client.get(ADDRESS))
    outside = form(elsewhere.branch, lesson, act="save")
    assert "请选您管的党组织" in said(client.post(f"{ADDRESS}new/", outside))
    client.post(f"{ADDRESS}new/", form(branch, lesson, act="publish"))
    assert StudyPlan.objects.filter(branch=branch, is_draft=False).count() == 1


def test_the_list_costs_the_same_for_many_plans(admin, branch):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            admin.get(ADDRESS)
        return len(asked)

    make.StudyPlanFactory(branch=branch)
    few = queries()
    for number in range(6):
        PlannedLesson.objects.create(
            plan=make.StudyPlanFactory(branch=branch, slug=f"plan-{number}"),
            lesson_key=make.uuid4(),
        )
    assert queries() == few


def test_what_a_stranger_could_send_breaks_nothing(admin, branch, lesson):
    for wrong in (
        {f"{LINES}-TOTAL_FORMS": "x"},
        {f"{LINES}-TOTAL_FORMS": "100000"},
        {f"{LINES}-0-lesson_key": "x"},
        {"version": "x", "act": "publish"},
        {"act": "add x"},
        {"act": "take_back"},
        {"branch": "x"},
    ):
        answer = admin.post(f"{ADDRESS}new/", form(branch, lesson, act="save") | wrong)
        assert answer.status_code in (200, 302, 422), wrong
