"""Which plan reaches whom, and what comes next."""

import pytest

from studyhub.core.clock import today
from studyhub.core.errors import NotFound
from studyhub.learning.models import StudyPlan
from studyhub.learning.plans import (
    assigned_lessons,
    next_lesson,
    plan_of_branch,
    plan_of_group,
    plans_of,
)
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return make.BranchFactory()


@pytest.fixture
def qiqige(branch):
    return make.BranchMembershipFactory(branch=branch, member__name="其其格").member


def keys(assigned):
    return [item.card.lesson_key for item in assigned]


class TestReach:
    def test_a_plan_reaches_all_below_and_nobody_beside_or_above(self, branch):
        below = make.BranchFactory(name="支部", parent=branch)
        plan = make.StudyPlanFactory(branch=below)
        assert plan_of_branch(below) == plan
        assert plan_of_branch(branch) is None
        assert plan_of_branch(make.BranchFactory(name="别处")) is None

    @pytest.mark.parametrize("state", ["past", "to_come"])
    def test_a_plan_that_does_not_run_is_found_by_its_name_alone(self, branch, state):
        plan = make.StudyPlanFactory(branch=branch, **{state: True})
        assert plan_of_branch(branch) is None
        assert plan_of_branch(branch, plan.slug) == plan

    def test_of_two_that_run_the_one_that_ends_first_is_shown(self, branch):
        make.StudyPlanFactory(branch=branch, slug="long")
        first = make.StudyPlanFactory(branch=branch, slug="short", ends_on=today())
        assert plan_of_branch(branch) == first

    def test_a_group_without_a_plan_is_told_whom_to_ask(self):
        with pytest.raises(NotFound, match="组织部"):
            plan_of_group(make.StudyGroupFactory())

    def test_home_host_and_group_bring_their_plans_each_once(self, qiqige, branch):
        host = make.BranchMembershipFactory(member=qiqige, host=True, branch__name="流入地").branch
        group = make.StudyGroupFactory(members=[qiqige], branch=host)
        for number, place in enumerate((branch, host)):
            make.StudyPlanFactory(branch=place, slug=f"plan-{number}")
        assert group.branch == host
        assert plans_of(qiqige) == list(StudyPlan.objects.order_by("pk"))

    def test_a_branch_one_has_left_brings_none(self, branch):
        gone = make.BranchMembershipFactory(branch=branch, ended=True).member
        make.StudyPlanFactory(branch=branch)
        assert plans_of(gone) == []


class TestAssigned:
    def test_a_lesson_of_two_plans_stands_once_with_the_earlier_date(self, qiqige, branch):
        lesson = make.a_lesson()
        later = make.StudyPlanFactory(branch=branch, slug="later", lessons=[lesson])
        sooner = make.StudyPlanFactory(
            branch=branch, slug="sooner", ends_on=today(), lessons=[lesson], lessons__due_on=today()
        )
        [item] = assigned_lessons(qiqige)
        assert later.ends_on > sooner.ends_on
        assert (item.plan_slug, item.due_on) == ("sooner", today())

    def test_a_lesson_taken_down_is_asked_of_nobody(self, qiqige, branch):
        kept, gone = make.a_lesson(), make.a_lesson()
        make.StudyPlanFactory(branch=branch, lessons=[kept, gone])
        gone.unpublish()
        assert keys(assigned_lessons(qiqige)) == [kept.translation_key]


class TestNext:
    def test_what_is_open_in_the_plan_comes_first(self, qiqige, branch):
        course = make.a_course()
        done, beside, planned = (make.a_lesson(course) for _ in range(3))
        make.StudyPlanFactory(branch=branch, lessons=[done, planned])
        make.study(qiqige, done)
        assert next_lesson(qiqige, done.translation_key).lesson_key == planned.translation_key
        assert beside.live

    def test_without_a_plan_it_is_the_next_of_the_course(self, qiqige):
        course = make.a_course()
        first, second = make.a_lesson(course), make.a_lesson(course)
        assert next_lesson(qiqige, first.translation_key).lesson_key == second.translation_key

    def test_after_the_last_comes_none(self, qiqige):
        only = make.a_lesson()
        assert next_lesson(qiqige, only.translation_key) is None
