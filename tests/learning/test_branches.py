"""Counts by branch tell about no single person."""

import pytest

from studyhub.learning.branches import branch_summary
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson():
    return make.a_lesson()


@pytest.fixture
def banner(lesson):
    root = make.BranchFactory(name="旗委")
    make.StudyPlanFactory(branch=root, lessons=[lesson])
    return root


def below(parent, name, members=0, exempt=0):
    branch = make.BranchFactory(name=name, parent=parent)
    for number in range(members + exempt):
        make.BranchMembershipFactory(
            branch=branch, member__name=f"{name}{number}", member__exempt=number >= members
        )
    return branch


def told(branch):
    return {line.branch.name: line for line in branch_summary(branch)}


def test_three_of_whom_two_are_exempt_show_nobodys_result(banner):
    below(banner, "镇", members=1, exempt=2)
    line = told(banner)["镇"]
    assert (line.members, line.reached, line.finished, line.required, line.percent) == (None,) * 5


def test_exempt_members_are_people_of_the_branch_and_no_more(banner, lesson):
    town = below(banner, "镇", members=3, exempt=2)
    learner, exempt = (town.memberships.order_by("pk")[n].member for n in (0, 4))
    make.study(learner, lesson)
    make.study(exempt, lesson)
    line = told(banner)["镇"]
    assert (line.members, line.reached, line.finished, line.required) == (5, 1, 1, 3)


def test_a_hidden_branch_is_not_found_by_subtraction(banner):
    town = below(banner, "镇")
    for name, count in (("甲", 2), ("乙", 4), ("丙", 6)):
        below(town, name, members=count)
    assert told(banner)["镇"].members == 12
    assert {name: line.members for name, line in told(town).items()} == {
        "甲": None,
        "乙": None,
        "丙": 6,
    }


def test_nor_through_the_branches_of_the_one_beside_it(banner):
    town = below(banner, "镇")
    below(town, "甲", members=2)
    village = below(town, "乙")
    below(village, "乙一", members=4)
    assert told(banner)["镇"].members is None
    assert (told(town)["乙"].members, told(village)["乙一"].members) == (4, 4)


def test_it_costs_the_same_for_any_tree(banner, django_assert_max_num_queries):
    for town in range(3):
        for village in range(3):
            below(below(banner, f"镇{town}"), f"村{village}", members=3)
    with django_assert_max_num_queries(9):
        branch_summary(banner)
