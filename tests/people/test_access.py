"""Who may see whom: today's duties and today's ties, and nothing that once was."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission

from studyhub.core.errors import NotFound
from studyhub.people import access
from studyhub.people.models import RecordView
from tests import factories as make

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


@pytest.fixture
def qiqige():
    return make.MemberFactory(name="其其格")


@pytest.fixture
def group(qiqige):
    return make.StudyGroupFactory(members=[qiqige])


@pytest.fixture
def wuyun(group):
    return make.DutyFactory(group=group).user


class TestRoles:
    def test_a_stranger_has_none(self):
        assert access.roles_of(STRANGER) == []
        assert access.member_of(STRANGER) is None
        assert not access.is_publisher(STRANGER)

    @pytest.mark.parametrize("word", ["liaison", "orgadmin"])
    def test_a_duty_is_a_role_while_it_lasts(self, word):
        duty = make.DutyFactory(**{word: True})
        assert access.roles_of(duty.user) == [word]
        assert access.holds_office(duty.user)

    @pytest.mark.parametrize("state", ["ended", "not_begun"])
    def test_a_duty_that_is_over_or_to_come_is_none(self, state):
        duty = make.DutyFactory(**{state: True})
        assert access.roles_of(duty.user) == []
        assert access.groups_of(duty.user) == []

    def test_the_last_day_of_a_duty_still_counts(self):
        duty = make.DutyFactory(ending_today=True)
        assert access.groups_of(duty.user) == [duty.group]

    def test_a_member_alone_holds_no_office(self, qiqige):
        assert access.roles_of(qiqige.user) == ["member"]
        assert not access.holds_office(qiqige.user)

    def test_staff_and_superusers_are_known_by_their_words(self):
        user = make.UserFactory(is_superuser=True)
        user.groups.add(
            Group.objects.get_or_create(name=access.EDITOR)[0], Group.objects.create(name="其他")
        )
        assert access.roles_of(user) == ["admin", "editor"]

    @pytest.mark.parametrize("name", ["orgadmin", "member", "admin", "leader"])
    def test_a_group_that_is_called_like_a_role_is_none_and_opens_something(self, name):
        user = make.UserFactory()
        user.groups.add(Group.objects.create(name=name))
        assert access.roles_of(user) == []
        assert access.holds_office(user)

    def test_a_publisher_is_who_may_send(self):
        user = make.UserFactory()
        user.user_permissions.add(Permission.objects.get(codename="send_delivery"))
        assert access.is_publisher(user)


class TestOwnRecord:
    def test_a_member_finds_their_own(self, qiqige):
        assert access.own_member(qiqige.user) == qiqige

    def test_who_has_none_is_told_what_to_do(self):
        with pytest.raises(NotFound, match="党员账号") as missing:
            access.own_member(make.UserFactory())
        assert missing.value.code == "no_member"


class TestGroups:
    def test_a_leader_finds_the_group_and_nobody_else_does(self, group, wuyun, qiqige):
        assert access.group_for(wuyun, group.public_id) == group
        for other in (STRANGER, qiqige.user, make.DutyFactory().user):
            with pytest.raises(NotFound, match="不归您带"):
                access.group_for(other, group.public_id)

    def test_groups_come_by_name(self, wuyun):
        for name in ("乙组", "甲组"):
            make.DutyFactory(user=wuyun, group__name=name)
        names = [group.name for group in access.groups_of(wuyun)]
        assert names == ["北京小组", "甲组", "乙组"]
        assert len(names) == 3

    def test_those_led_are_the_members_of_today(self, group, wuyun, qiqige):
        make.GroupMembershipFactory(group=group, member__name="走了", ended=True)
        make.GroupMembershipFactory(group=group, member__name="未到", not_begun=True)
        assert access.members_led_by(wuyun) == [qiqige]

    def test_a_member_of_two_groups_is_led_once(self, wuyun, qiqige):
        duty = make.DutyFactory(user=wuyun)
        make.GroupMembershipFactory(group=duty.group, member=qiqige)
        assert access.members_led_by(wuyun) == [qiqige]


class TestBranches:
    def test_the_department_answers_for_its_tree(self):
        duty = make.DutyFactory(orgadmin=True)
        below = make.BranchFactory(name="支部", parent=duty.branch)
        for branch in (duty.branch, below):
            assert access.branch_for(duty.user, branch.public_id) == branch

    def test_another_tree_and_the_branch_above_are_not_there(self):
        above = make.BranchFactory(name="盟委")
        duty = make.DutyFactory(orgadmin=True, branch=make.BranchFactory(name="旗委", parent=above))
        for branch in (above, make.BranchFactory(name="别处")):
            with pytest.raises(NotFound, match="管理范围"):
                access.branch_for(duty.user, branch.public_id)

    def test_strangers_and_leaders_answer_for_none(self, wuyun):
        assert access.branches_of(STRANGER) == access.branches_of(wuyun) == []


class TestViews:
    def test_looking_again_within_the_hour_is_one_look(self, qiqige, wuyun, time_machine):
        time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)
        access.note_views(wuyun, [qiqige], "小组学习情况")
        time_machine.shift(3599)
        access.note_views(wuyun, [qiqige], "小组学习情况")
        assert RecordView.objects.count() == 1

    def test_after_an_hour_or_at_another_page_it_is_a_new_one(self, qiqige, wuyun, time_machine):
        time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)
        access.note_views(wuyun, [qiqige], "小组学习情况")
        access.note_views(wuyun, [qiqige], "学习凭条")
        time_machine.shift(3600)
        access.note_views(wuyun, [qiqige], "小组学习情况")
        pages = [view.page for view in RecordView.objects.at(qiqige)]
        assert pages == ["小组学习情况", "学习凭条", "小组学习情况"]

    def test_own_looks_and_strangers_leave_no_note(self, qiqige):
        access.note_views(qiqige.user, [qiqige], "小组学习情况")
        access.note_views(STRANGER, [qiqige], "小组学习情况")
        assert not RecordView.objects.exists()
