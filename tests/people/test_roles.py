"""What each role of the desk may do, from the first migration on."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from wagtail.models import Collection, GroupApprovalTask

from content.models import LessonPage
from studyhub.core.review_levels import LEVELS, TRANSLATOR
from studyhub.people import access, roles
from tests import factories as make

pytestmark = pytest.mark.django_db


def granted():
    return {
        group.name: (
            sorted(group.permissions.values_list("pk", flat=True)),
            sorted(group.page_permissions.values_list("page", "permission")),
            sorted(group.collection_permissions.values_list("collection", "permission")),
        )
        for group in Group.objects.all()
    }


def at_the_desk(role: str) -> Client:
    user = make.a_user(f"one-{role}")
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def test_the_roles_are_there_without_a_demo():
    assert set(access.ROLE_OF_GROUP) == roles.ROLES.keys()
    assert set(access.ROLE_OF_GROUP) <= set(Group.objects.values_list("name", flat=True))


def test_a_migration_brings_lost_rights_back_and_keeps_what_was_granted_beyond():
    before = granted()
    editors = Group.objects.get(name=access.EDITOR)
    beyond = Permission.objects.get(codename="add_redirect")
    editors.page_permissions.all().delete()
    editors.permissions.clear()
    editors.permissions.add(beyond)
    call_command("migrate", verbosity=0)
    assert beyond in editors.permissions.all()
    editors.permissions.remove(beyond)
    assert granted() == before


def test_wagtails_own_roles_are_gone_where_nobody_needs_them():
    assert not Group.objects.filter(name__in=roles.UNUSED).exists()
    assert [group.name for group in GroupApprovalTask.objects.get().groups.all()] == ["reviewer"]


def test_a_role_of_wagtails_that_somebody_has_or_a_review_names_stays():
    editors, moderators = (Group.objects.create(name=name) for name in roles.UNUSED)
    make.a_user("one").groups.add(editors)
    second = GroupApprovalTask.objects.create(name="二审")
    second.groups.add(moderators)
    roles.put_roles()
    assert Group.objects.filter(name__in=roles.UNUSED).count() == 2
    second.groups.clear()
    roles.put_roles()
    assert Group.objects.get(name__in=roles.UNUSED) == editors


def test_a_role_that_names_an_unknown_permission_fails_loudly(monkeypatch):
    monkeypatch.setitem(roles.ROLES, "editor", roles.Role(("content.fly",), ()))
    with pytest.raises(LookupError, match=r"content\.fly"):
        roles.put_roles()


CHOOSERS = ["/cms/images/chooser/", "/cms/documents/chooser/", "/cms/media/chooser/"]
ADDING = ["/cms/images/add/", "/cms/documents/add/", "/cms/media/audio/add/"]


@pytest.mark.parametrize("role", [access.EDITOR, access.PUBLISHER])
@pytest.mark.parametrize("path", ["/cms/images/", *ADDING, *CHOOSERS])
def test_who_writes_adds_and_chooses_files(role, path):
    assert at_the_desk(role).get(path).status_code == 200


def test_who_reviews_looks_at_files_and_keeps_none():
    reviewer = at_the_desk(access.REVIEWER)
    assert [reviewer.get(path).status_code for path in CHOOSERS] == [200] * 3
    assert [reviewer.get(path).status_code for path in ADDING] == [302] * 3


def test_files_are_granted_in_the_root_collection():
    root = Collection.get_first_root_node()
    editors = Group.objects.get(name=access.EDITOR)
    assert set(editors.collection_permissions.values_list("collection", flat=True)) == {root.pk}


def test_only_the_publisher_publishes():
    page = make.a_lesson(publish=False)
    for role in access.STAFF_GROUPS:
        user = make.a_user(f"two-{role}")
        user.groups.add(Group.objects.get(name=role))
        may = LessonPage.objects.get(pk=page.pk).permissions_for_user(user)
        assert may.can_edit()
        assert may.can_publish() is (role == access.PUBLISHER)


def test_who_translates_writes_and_publishes_no_page():
    page = make.a_lesson(publish=False)
    user = make.a_user("saran")
    user.groups.add(Group.objects.get(name=TRANSLATOR))
    may = LessonPage.objects.get(pk=page.pk).permissions_for_user(user)
    assert not any((may.can_edit(), may.can_publish(), may.can_delete()))
    assert access.roles_of(user) == ["translator"]
    assert access.holds_office(user)
    assert at_the_desk(TRANSLATOR).get("/cms/twins/").status_code == 200


def test_who_reviewed_before_there_were_levels_reviews_on_any_of_them():
    Group.objects.filter(name__in=LEVELS).delete()
    old = make.a_user("old")
    old.groups.add(Group.objects.get(name=access.REVIEWER))
    roles.put_roles()
    assert set(LEVELS) <= set(old.groups.values_list("name", flat=True))
    assert access.roles_of(old) == [access.REVIEWER]


def test_a_level_that_was_taken_from_somebody_is_not_given_back():
    old = make.a_user("old")
    old.groups.add(Group.objects.get(name=access.REVIEWER))
    roles.put_roles()
    assert not old.groups.filter(name__in=LEVELS).exists()
