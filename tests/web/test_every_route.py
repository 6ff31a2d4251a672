"""What holds for every address of the product, also those that will be written tomorrow."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from studyhub.people.models import Duty, RecordView
from studyhub.records.models import Record
from tests import factories as make
from tests.matrix import thinned
from tests.web.addresses import ALL

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


OURS = [route for route in ALL if not route.startswith("cms/")]
DESK = [route for route in ALL if route.startswith("cms/") and "<" not in route]
DESK.remove("cms/failwhale/")  # fails on purpose


@pytest.fixture(scope="module")
def shared_world(kept_for_the_module):
    """乌云 leads the group she studies in; the plan has one lesson."""
    lesson = make.a_lesson(slug="zunyi")
    member = make.a_member("乌云", username="wuyun")
    group = make.a_group(member)
    Duty.objects.create(user=member.user, kind="leader", group=group, starts_on=make.LONG_AGO)
    root = make.an_orgadmin(group.branch, "zuzhibu")
    Duty.objects.create(
        user=member.user, kind="orgadmin", branch=group.branch, starts_on=make.LONG_AGO
    )
    make.StudyPlanFactory(branch=group.branch, lessons=[lesson])
    ids = {"lesson_key": lesson.translation_key, "lesson_id": lesson.translation_key}
    ids |= {"group_id": group.public_id, "branch_id": root.duties.get().branch.public_id}
    return lesson, member, group, ids


@pytest.fixture
def world(shared_world, db):
    return shared_world


def filled(route, ids, group):
    def place(found):
        name = found["name"]
        if name == "public_id":
            return str(ids["branch_id"] if "branches" in route else group.public_id)
        kinds = {"uuid": str(uuid4()), "int": "1", "slug": "x", "path": "x", "str": "x"}
        return str(ids.get(name, kinds.get(found["kind"] or "str", "x")))

    return "/" + re.sub(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>", place, route)


def form_of(lesson):
    outline = make.outline_of(lesson)
    return {"do": "finish", "revision": "1", "section": [str(s.id) for s in outline.sections]}


def test_the_list_of_addresses_is_a_list():
    assert len(OURS) > 60
    assert len(DESK) > 60
    for known in ("me/", "study/<uuid:lesson_key>/", "api/v1/me", "api/v1/groups", "healthz"):
        assert known in ALL


@pytest.mark.slow
@pytest.mark.parametrize("route", thinned(OURS))
def test_whose_session_is_over_is_nobody_for_every_address_and_method(world, time_machine, route):
    time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)
    lesson, member, group, ids = world
    path = filled(route, ids, group)
    for method in METHODS:
        client = Client(headers={"Sec-Fetch-Site": "same-origin"})
        client.force_login(member.user)
        time_machine.shift(31 * 60)
        data = form_of(lesson) if method == "post" else {}
        answer = getattr(client, method)(path, data)
        assert not answer.wsgi_request.user.is_authenticated, method
        assert answer.status_code not in (500, 502), method
    assert not Record.objects.exists()
    assert not RecordView.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("route", thinned(route for route in OURS if route != "metrics"))
def test_an_answer_is_the_same_for_everybody_or_kept_by_nobody(world, route, time_machine):
    time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)
    _, member, group, ids = world
    path = filled(route, ids, group)
    own, stranger = Client(), Client()
    own.force_login(member.user)
    mine, theirs = own.get(path), stranger.get(path)
    if b"".join(mine) != b"".join(theirs) or mine.status_code != theirs.status_code:
        assert "no-store" in mine["Cache-Control"]
        assert "Cookie" in mine["Vary"]
    elif "public" in mine.get("Cache-Control", ""):
        assert not mine.cookies
        assert "Cookie" not in mine.get("Vary", "")


@pytest.mark.parametrize(
    "path", ["/api/v1/me", "/api/v1/me/plan", "/api/v1/me/progress", "/api/v1/me/views"]
)
def test_what_the_interface_says_of_a_person_is_kept_by_nobody(world, path, sign_in):
    client = sign_in(world[1])
    assert client.get(path)["Cache-Control"] == "private, no-store"
    patch = client.patch("/api/v1/me", {"large_type": True}, "application/json")
    assert patch["Cache-Control"] == "private, no-store"
    assert Client().get(path)["Cache-Control"] == "private, no-store"  # "please sign in" as well


@pytest.mark.slow
@pytest.mark.parametrize("route", thinned(DESK))
def test_the_desk_is_kept_by_nobody_and_ends_in_time(db, time_machine, route):
    time_machine.move_to("2026-11-20T08:00:00+08:00", tick=False)
    client = Client()
    client.force_login(make.a_user("admin", is_superuser=True, is_staff=True))
    assert "no-store" in client.get(f"/{route}")["Cache-Control"]
    time_machine.shift(31 * 60)
    assert not client.get(f"/{route}").wsgi_request.user.is_authenticated
