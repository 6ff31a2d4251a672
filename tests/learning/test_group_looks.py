"""Looking at a group: one way in for page, file and API, and a note of it for those on the list."""

import pytest

from studyhub.core.errors import NotFound
from studyhub.learning.completion import LookedAt, look_at_group
from studyhub.people.models import RecordView
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def qiqige():
    return make.MemberFactory(name="其其格")


@pytest.fixture
def group(qiqige):
    return make.StudyGroupFactory(members=[qiqige])


@pytest.fixture
def wuyun(group):
    return make.DutyFactory(group=group).user


@pytest.fixture
def plan(group):
    return make.StudyPlanFactory(branch=group.branch, lessons=[make.a_lesson()])


def pages(member):
    return [view.page for view in RecordView.objects.at(member)]


def test_a_look_is_noted_for_everybody_on_the_list(group, wuyun, plan, qiqige):
    batu = make.GroupMembershipFactory(group=group, member__name="巴图").member
    look_at_group(wuyun, group.public_id)
    assert pages(qiqige) == pages(batu) == ["小组学习情况"]


def test_a_file_is_noted_as_a_file_also_after_the_page(group, wuyun, plan, qiqige):
    look_at_group(wuyun, group.public_id)
    look_at_group(wuyun, group.public_id, what=LookedAt.FILE)
    assert sorted(pages(qiqige)) == ["小组学习情况", "小组学习情况表（下载）"]


def test_page_and_api_tell_a_file_in_the_same_words(group, wuyun, plan, qiqige, sign_in):
    client = sign_in(wuyun)
    client.get(f"/api/v1/groups/{group.public_id}/completion.xlsx")
    assert pages(qiqige) == ["小组学习情况表（下载）"]
    client.get(f"/lead/groups/{group.public_id}/completion.xlsx")
    assert pages(qiqige) == ["小组学习情况表（下载）"]


def test_who_may_not_look_sees_nothing_and_leaves_no_note(group, plan, qiqige):
    with pytest.raises(NotFound, match="不归您带"):
        look_at_group(make.DutyFactory().user, group.public_id)
    assert pages(qiqige) == []


def test_without_a_plan_nothing_is_shown_and_nothing_noted(group, wuyun, qiqige):
    with pytest.raises(NotFound, match="学习计划"):
        look_at_group(wuyun, group.public_id)
    assert pages(qiqige) == []


def test_a_leader_who_studies_along_leaves_no_note_at_themselves(group, wuyun, plan):
    own = make.MemberFactory(user=wuyun, name="乌云")
    make.GroupMembershipFactory(group=group, member=own)
    look_at_group(wuyun, group.public_id)
    assert pages(own) == []
