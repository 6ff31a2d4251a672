import pytest
from django.contrib.auth.models import Group

from content.reviews.workflow import ensure_workflow
from studyhub.core.review_levels import LEVELS
from studyhub.people import access
from studyhub.people.roles import put_roles
from tests import factories as make


@pytest.fixture(autouse=True)
def three_levels(settings):
    settings.REVIEW_LEVELS = 3


@pytest.fixture
def desk(db):
    """People by what they are: editor, first, second, last, publisher, boss."""
    put_roles()
    make.a_tree()
    ensure_workflow()
    groups = {
        "editor": access.EDITOR,
        **dict(zip(("first", "second", "last"), LEVELS, strict=True)),
        "publisher": access.PUBLISHER,
    }
    people = {}
    for name, group in groups.items():
        people[name] = make.a_user(f"rv-{name}", name, is_staff=True)
        people[name].groups.add(Group.objects.get(name=group))
    people["boss"] = make.a_user("rv-boss", "boss", is_staff=True, is_superuser=True)
    return people
