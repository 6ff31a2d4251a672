"""``GET /me/now``: what a page asks when it opens, in one answer."""

import pytest

from content import catalogue
from tests import factories as make

pytestmark = pytest.mark.django_db
ALL = "/me/now?parts=progress,plan,corrections"


@pytest.fixture
def qiqige():
    """She has a plan of three lessons: one finished and corrected since, one begun, one not."""
    member = make.a_member("其其格")
    group = make.a_group(member)
    course = make.a_course()
    lessons = [make.a_lesson(course, slug=f"l{n}") for n in range(3)]
    make.StudyPlanFactory(branch=group.branch, lessons=lessons)
    make.study(member, lessons[0])
    make.begin(member, lessons[1])
    make.correct(lessons[0])
    return member


def test_it_tells_what_the_other_routes_tell(api, qiqige):
    client = api(qiqige.user)
    now = client.get(ALL).json()
    me = client.get("/me").json()
    assert {name: now[name] for name in ("account_id", "epoch", "ticket_mark", "roles")} == {
        name: me[name] for name in ("account_id", "epoch", "ticket_mark", "roles")
    }
    assert now["member"] == me["member"]["id"]
    for name in ("progress", "corrections"):
        assert now[name] == client.get(f"/me/{name}").json()["items"]
    plan = client.get("/me/plan").json()["items"]
    assert len(plan) == 3
    assert now["plan"] == [{name: line[name] for name in now["plan"][0]} for line in plan]


def test_only_what_was_asked_is_told(api, qiqige):
    now = api(qiqige.user).get("/me/now?parts=progress").json()
    assert "progress" in now
    assert not {"plan", "corrections"} & now.keys()
    assert "progress" not in api(qiqige.user).get("/me/now").json()


def test_what_it_cannot_tell_is_refused_in_words(api, qiqige):
    answer = api(qiqige.user).get("/me/now?parts=progress,salary")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_parts")


def test_it_is_spared_who_has_it_and_nobody_else(api, qiqige):
    client = api(qiqige.user)
    first = client.get(ALL)
    again = client.get(ALL, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    other = api(make.a_member("巴图").user).get(ALL, **{"If-None-Match": first["ETag"]})
    assert other.status_code == 200
    make.study(qiqige, catalogue_page(2))
    assert client.get(ALL, **{"If-None-Match": first["ETag"]}).status_code == 200


def catalogue_page(place):
    return make.LessonPage.objects.get(translation_key=catalogue.lessons()[place].lesson_key)


def test_no_cache_keeps_it_not_even_that_it_is_unchanged(api, qiqige):
    first = api(qiqige.user).get(ALL)
    again = api(qiqige.user).get(ALL, **{"If-None-Match": first["ETag"]})
    assert {first["Cache-Control"], again["Cache-Control"]} == {"private, no-store"}


def test_who_is_no_member_has_begun_nothing(api):
    now = api(make.a_user("editor")).get(ALL).json()
    assert (now["member"], now["progress"], now["plan"], now["corrections"]) == (None, [], [], [])


def test_a_visit_costs_few_queries_however_many_lessons(
    api, qiqige, django_assert_max_num_queries, django_capture_on_commit_callbacks
):
    client = api(qiqige.user)
    make.send(qiqige, make.a_record("mark", data=seen(0, 2)))
    with django_capture_on_commit_callbacks(execute=True):
        client.get(ALL)  # outlines are kept by the process
    with django_assert_max_num_queries(12):
        assert len(client.get(ALL).json()["plan"]) == 3
    with django_assert_max_num_queries(9):
        client.get("/me/now?parts=progress,corrections")


def seen(place, revision):
    lesson = str(catalogue.lessons()[place].lesson_key)
    return {"kind": "correction_seen", "lesson": lesson, "revision": revision}
