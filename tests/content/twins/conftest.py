import pytest
from django.contrib.auth.models import Group

from studyhub.core.review_levels import TRANSLATOR
from studyhub.people.roles import put_roles
from tests import factories as make


@pytest.fixture
def desk(db):
    """Three who read Mongolian, an administrator and an editor who do not."""
    put_roles()
    make.a_tree()
    people = {name: make.a_user(name, is_staff=True) for name in ("saran", "bayar", "tuya")}
    for person in people.values():
        person.groups.add(Group.objects.get(name=TRANSLATOR))
    people["boss"] = make.a_user("boss", is_staff=True, is_superuser=True)
    people["editor"] = make.a_user("editor", is_staff=True)
    people["editor"].groups.add(Group.objects.get(name="editor"))
    return people


@pytest.fixture
def lesson(desk):
    return make.a_lesson()
