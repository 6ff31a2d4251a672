"""What was read before the lock is looked at again under it."""

from datetime import date

import pytest

from studyhub.core.errors import Conflict
from studyhub.people import groups
from studyhub.people.changes import Act
from studyhub.people.entries import end_entry, enter_member, exempt_member
from studyhub.people.merging import merge_entries
from studyhub.people.models import BranchMembership, GroupMembership, Member
from tests import factories as make

pytestmark = pytest.mark.django_db
HOME = BranchMembership.Kind.HOME
START, BETWEEN, LATE = date(2026, 11, 1), date(2026, 11, 10), date(2026, 11, 20)


@pytest.fixture
def places():
    return make.BranchFactory(name="甲"), make.BranchFactory(name="乙")


@pytest.fixture
def member(places):
    return enter_member(details={"name": "其其格"}, home=places[0], on=START)


@pytest.fixture
def merged(places, member):
    """The second entry of the same person, read before it was merged into the first."""
    second = enter_member(details={"name": "琪琪格"}, home=places[0], on=START)
    seen = Member.objects.get(pk=second.pk)
    merge_entries(kept=member, other=second)
    return seen


def homes(member):
    ties = BranchMembership.objects.filter(member=member, kind=HOME).order_by("starts_on")
    return [(str(tie.branch), tie.starts_on, tie.ends_on) for tie in ties]


def test_a_tie_carried_over_late_brings_nobody_back(places, member):
    seen = member.branches.select_related("member").get()
    end_entry(Member.objects.get(pk=member.pk), reason="other", on=LATE)
    groups.carry_over(seen, places[1], on=BETWEEN, act=Act.BRANCH_MERGED)
    assert homes(member) == [("甲", START, date(2026, 11, 9)), ("乙", BETWEEN, LATE)]


def test_a_tie_that_ended_meanwhile_is_not_carried_over(places, member):
    seen = member.branches.select_related("member").get()
    end_entry(Member.objects.get(pk=member.pk), reason="other", on=BETWEEN)
    groups.carry_over(seen, places[1], on=LATE, act=Act.BRANCH_MERGED)
    assert homes(member) == [("甲", START, BETWEEN)]


def test_who_was_merged_meanwhile_is_moved_as_who_they_are_now(places, member, merged):
    groups.move_branch(member=merged, branch=places[1], kind=HOME, on=BETWEEN)
    assert homes(merged) == []
    assert homes(member) == [("甲", START, date(2026, 11, 9)), ("乙", BETWEEN, None)]


def test_who_was_merged_meanwhile_joins_as_who_they_are_now(member, merged):
    group = make.a_group()
    groups.join_group(member=merged, group=group, on=BETWEEN)
    assert [tie.member for tie in GroupMembership.objects.filter(group=group)] == [member]


def test_who_was_merged_meanwhile_is_exempt_as_who_they_are_now(member, merged):
    exempt_member(merged, "age")
    member.refresh_from_db()
    assert member.exempt_reason == "age"


def test_a_tie_that_is_gone_is_not_corrected(member):
    seen = member.branches.select_related("member").get()
    member.branches.all().delete()
    with pytest.raises(Conflict, match="刷新页面") as refused:
        groups.correct_tie(seen, starts_on=BETWEEN, ends_on=None)
    assert refused.value.code == "tie_gone"
