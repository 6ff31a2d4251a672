"""Dated ties, encrypted phones, who may see whom."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from studyhub.core.clock import today
from studyhub.core.crypto import lookup_index
from studyhub.core.errors import Conflict
from studyhub.people import access
from studyhub.people.entries import end_entry
from studyhub.people.groups import join_group, leave_group, move_branch, move_group
from studyhub.people.models import (
    Branch,
    BranchMembership,
    Duty,
    GroupMembership,
    Member,
    User,
)
from tests import factories as make
from tests.factories import LONG_AGO

pytestmark = pytest.mark.django_db
HOME = BranchMembership.Kind.HOME


def test_joining_twice_is_joining_once():
    member, group = make.MemberFactory(), make.StudyGroupFactory()
    first = join_group(member=member, group=group, on=LONG_AGO)
    assert join_group(member=member, group=group, on=today()) == first


def test_leaving_ends_the_tie_and_keeps_it():
    member = make.MemberFactory()
    group = make.StudyGroupFactory(members=[member])
    leave_group(member=member, group=group, on=today())
    tie = GroupMembership.objects.get()
    assert tie.ends_on == today()
    assert GroupMembership.objects.in_force(today()).count() == 1
    assert not GroupMembership.objects.in_force(today() + timedelta(days=1)).exists()


def test_coming_back_is_a_new_tie():
    member = make.MemberFactory()
    group = make.StudyGroupFactory(members=[member])
    leave_group(member=member, group=group, on=today() - timedelta(days=1))
    join_group(member=member, group=group, on=today())
    assert GroupMembership.objects.count() == 2


def test_moving_ends_the_old_tie_the_day_before():
    member, old, new = (
        make.MemberFactory(),
        make.BranchFactory(name="旧"),
        make.BranchFactory(name="新"),
    )
    move_branch(member=member, branch=old, kind=HOME, on=LONG_AGO)
    move_branch(member=member, branch=new, kind=HOME, on=today())
    ended, current = BranchMembership.objects.order_by("pk")
    assert ended.ends_on == today() - timedelta(days=1)
    assert (current.branch, current.ends_on) == (new, None)


def test_moving_to_where_one_is_changes_nothing():
    member, branch = make.MemberFactory(), make.BranchFactory()
    first = move_branch(member=member, branch=branch, kind=HOME, on=LONG_AGO)
    assert move_branch(member=member, branch=branch, kind=HOME, on=today()) == first


def test_a_move_before_the_present_tie_began_is_explained():
    member = make.MemberFactory()
    move_branch(member=member, branch=make.BranchFactory(name="旧"), kind=HOME, on=today())
    with pytest.raises(Conflict, match="晚于"):
        move_branch(member=member, branch=make.BranchFactory(name="新"), kind=HOME, on=LONG_AGO)


@pytest.mark.parametrize("act", ["home", "join", "move"])
def test_who_has_left_belongs_nowhere_anew(act):
    member, branch = make.a_member(), make.a_branch()
    group = make.a_group(branch=branch)
    end_entry(member, reason=Member.EndReason.TRANSFERRED, on=today())
    acts = {
        "home": partial(move_branch, branch=branch, kind=BranchMembership.Kind.HOME),
        "join": partial(join_group, group=group),
        "move": partial(move_group, group=group),
    }
    with pytest.raises(Conflict, match="已经离开名册"):
        acts[act](member=member, on=today())
    assert (member.branches.count(), member.groups.count()) == (0, 0)


def test_a_member_has_one_home_at_a_time():
    member, branch = make.MemberFactory(), make.BranchFactory()
    BranchMembership.objects.create(member=member, branch=branch, kind=HOME, starts_on=LONG_AGO)
    second = BranchMembership(member=member, branch=branch, kind=HOME, starts_on=today())
    with pytest.raises(Conflict, match="重叠"):
        second.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        BranchMembership.objects.bulk_create([second])  # whoever does not look first


def test_a_phone_is_encrypted_in_the_database_masked_on_screens_and_still_found():
    member = make.MemberFactory()
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_index FROM people_member")
        stored, index = cursor.fetchone()
    assert "13900001234" not in stored
    assert index == lookup_index("13900001234")
    assert Member.objects.get().phone == "13900001234"
    assert member.masked_phone == "139****1234"
    assert list(Member.objects.with_phone("13900001234")) == [member]


def test_an_older_key_still_reads_and_a_missing_one_says_what_to_do(settings):
    from cryptography.fernet import Fernet

    make.MemberFactory()
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    assert Member.objects.get().phone == "13900001234"
    settings.FIELD_KEYS = [new]
    with pytest.raises(ValueError, match="旧密钥"):
        Member.objects.get()


def test_a_leader_sees_own_groups_while_on_duty():
    group, other = (
        make.StudyGroupFactory(),
        make.StudyGroupFactory(name="别的组", branch=make.BranchFactory(name="别处")),
    )
    leader = make.DutyFactory(group=group).user
    assert access.groups_of(leader) == [group]
    Duty.objects.update(starts_on=today() + timedelta(days=1))
    assert access.groups_of(leader) == []
    assert other not in access.groups_of(leader)


def test_looking_at_ones_own_record_is_not_written_down():
    member = make.MemberFactory()
    access.note_views(member.user, [member], "小组学习情况")
    assert not member.views.exists()


def test_roles_follow_what_is_true_today():
    user = make.UserFactory()
    assert access.roles_of(user) == []
    make.MemberFactory(user=user)
    read_again = User.objects.get(pk=user.pk)  # as the next request does
    assert access.roles_of(read_again) == ["member"]


def test_the_tree_keeps_its_order():
    root = make.BranchFactory(name="旗委")
    child = make.BranchFactory(name="镇", parent=root)
    assert Branch.objects.get(pk=child.pk).is_descendant_of(root)
