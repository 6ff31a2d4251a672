"""Who may see what: every route against every kind of caller. A new route without a row fails."""

from uuid import uuid4

import pytest

from studyhub.api.api import api as the_api
from tests.factories import (
    StudyPlanFactory,
    a_branch,
    a_group,
    a_leader,
    a_lesson,
    a_member,
    a_user,
    an_orgadmin,
)

pytestmark = pytest.mark.django_db

ANON, MEMBER, LEADER, OTHER_LEADER, ORGADMIN, OTHER_ORG, EDITOR = (
    "anon",
    "member",
    "leader",
    "other leader",
    "orgadmin",
    "other orgadmin",
    "editor",
)
EVERYBODY = {ANON, MEMBER, LEADER, OTHER_LEADER, ORGADMIN, OTHER_ORG, EDITOR}
SIGNED_IN = EVERYBODY - {ANON}

# Route -> who gets 200. The others get 401 (signed out) or 404, never 403 and never a hint.
READS = {
    "/courses": EVERYBODY,
    "/lessons": EVERYBODY,
    "/lessons/{lesson_id}": EVERYBODY,
    "/offline/manifest": EVERYBODY,
    "/lessons/{lesson_id}/pack": EVERYBODY,
    "/me": SIGNED_IN,
    "/me/corrections": {MEMBER},
    "/me/now": SIGNED_IN,
    "/me/plan": {MEMBER},
    "/me/progress": {MEMBER},
    "/me/views": {MEMBER},
    "/me/export": {MEMBER},
    "/groups": SIGNED_IN,
    "/groups/{group_id}/bulletin": {LEADER},
    "/groups/{group_id}/bulletin.png": {LEADER},
    "/groups/{group_id}/completion": {LEADER},
    "/groups/{group_id}/completion.xlsx": {LEADER},
    "/branches/{branch_id}/summary": {ORGADMIN},
}
# Writes are judged by their own tests; they are named here so that none is forgotten.
WRITES = {
    "POST /offline/tier",
    "POST /session",
    "POST /session/code",
    "DELETE /session",
    "PATCH /me",
    "DELETE /me",
    "POST /me/records",
    "POST /me/devices",
    "POST /me/receipts",
}
CHANNEL_ROUTES = (
    "/channels",
    "/deliveries",
    "/board",
)  # rows of their own, tests/api/test_channels.py


@pytest.fixture(scope="module")
def world(kept_for_the_module):
    """A banner with two towns; one group, its leader and its department in the first town."""
    banner = a_branch("旗委")
    east, west = a_branch("东镇", banner), a_branch("西镇", banner)
    member = a_member("其其格")
    group = a_group(member, branch=east)
    other_group = a_group(a_member("巴图"), branch=west, name="西镇小组")
    lesson = a_lesson()
    StudyPlanFactory(branch=banner, lessons=[lesson])
    callers = {
        ANON: None,
        MEMBER: member.user,
        LEADER: a_leader(group, "leader"),
        OTHER_LEADER: a_leader(other_group, "other"),
        ORGADMIN: an_orgadmin(east, "east"),
        OTHER_ORG: an_orgadmin(west, "west"),
        EDITOR: a_user("editor"),
    }
    ids = {
        "lesson_id": lesson.translation_key,
        "group_id": group.public_id,
        "branch_id": east.public_id,
    }
    return callers, ids


@pytest.mark.parametrize("path", sorted(READS))
@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_each_route_opens_for_whom_it_should(api, world, path, who):
    callers, ids = world
    status = api(callers[who]).get(path.format(**ids)).status_code
    if who in READS[path]:
        assert status == 200
    else:
        assert status == (401 if who == ANON else 404)


@pytest.mark.parametrize("path", [p for p in sorted(READS) if "{" in p])
def test_a_made_up_id_is_404_for_its_rightful_callers(api, world, path):
    callers, ids = world
    strangers = dict.fromkeys(ids, uuid4())
    for who in READS[path] - {ANON}:
        assert api(callers[who]).get(path.format(**strangers)).status_code == 404


def test_every_route_of_the_api_has_its_row():
    described = the_api.get_openapi_schema()["paths"]
    routes = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, methods in described.items()
        for method in methods
        if not path.removeprefix("/api/v1").startswith(CHANNEL_ROUTES)
    }
    rows = {("GET", path) for path in READS} | {tuple(row.split(" ")) for row in WRITES}
    assert routes == rows


def test_a_leader_who_is_relieved_sees_nothing_the_next_moment(api, world):
    from datetime import timedelta

    from studyhub.core.clock import today

    callers, ids = world
    path = f"/groups/{ids['group_id']}/completion"
    assert api(callers[LEADER]).get(path).status_code == 200
    callers[LEADER].duties.update(ends_on=today() - timedelta(days=1))
    assert api(callers[LEADER]).get(path).status_code == 404


def test_the_department_sees_counts_and_no_names(api, world):
    callers, ids = world
    answer = api(callers[ORGADMIN]).get(f"/branches/{ids['branch_id']}/summary")
    assert "其其格" not in answer.content.decode()
