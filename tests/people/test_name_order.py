"""People are listed by the sounds of their names, alike in every database."""

from importlib import import_module

import pytest
from django.apps import apps

from studyhub.learning.completion import group_completion
from studyhub.people import access
from studyhub.people.models import Member
from tests import factories as make

pytestmark = pytest.mark.django_db

BY_SOUND = [
    "Anna",
    "安娜",
    "巴图",
    "陈一",
    "Karl",
    "区小明",
    "仇英",
    "单田",
    "王二",
    "解缙",
    "䶮明",
    "曾国",
]
UNSORTED = [BY_SOUND[number * 7 % len(BY_SOUND)] for number in range(len(BY_SOUND))]


def names(members):
    return [member.name for member in members]


@pytest.fixture
def group():
    members = [make.MemberFactory(name=name) for name in UNSORTED]
    return make.StudyGroupFactory(members=members)


def test_the_ledger_is_listed_by_sound(group):
    assert UNSORTED != BY_SOUND
    assert names(Member.objects.by_name()) == BY_SOUND


def test_a_leader_sees_names_by_sound(group):
    make.StudyPlanFactory(branch=group.branch)
    leader = make.a_leader(group)
    assert names(access.members_led_by(leader)) == BY_SOUND
    assert names(line.member for line in group_completion(group).members) == BY_SOUND


def test_groups_are_listed_by_sound_as_well():
    groups = [make.StudyGroupFactory(name=name) for name in ("重庆", "解放路", "北京", "长沙")]
    leader = make.a_leader(groups[0])
    for group in groups[1:]:
        make.DutyFactory(group=group, user=leader)
    assert names(access.groups_of(leader)) == ["北京", "长沙", "重庆", "解放路"]


@pytest.mark.parametrize("columns", [None, ["name"]])
def test_another_name_stands_elsewhere(columns):
    one, other = make.MemberFactory(name="安娜"), make.MemberFactory(name="巴图")
    one.name = "张三"
    one.save(update_fields=columns)
    assert list(Member.objects.by_name()) == [other, one]


def test_many_at_once_have_their_places_and_are_found_by_phone():
    Member.objects.bulk_create(Member(name=name, phone="13900001234") for name in UNSORTED)
    assert names(Member.objects.by_name()) == BY_SOUND
    assert Member.objects.with_phone("13900001234").count() == len(BY_SOUND)


def test_an_upgrade_gives_those_who_are_there_their_places(group):
    Member.objects.update(name_key="")
    import_module("studyhub.people.migrations.0005_names_by_sound").fill(apps, None)
    assert names(Member.objects.by_name()) == BY_SOUND
