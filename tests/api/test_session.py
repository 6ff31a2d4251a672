"""Signing in, staying signed in, being locked out, one's own record."""

import io
import json
import zipfile
from uuid import uuid4

import pytest
from wagtail.models import APIToken

from studyhub.core.clock import today
from studyhub.people.models import ErasureRequest, Member, RecordView
from studyhub.people.moves import report_move
from studyhub.records.models import Record
from tests.factories import (
    PASSWORD,
    StudyPlanFactory,
    a_group,
    a_leader,
    a_lesson,
    a_member,
    a_user,
    begin,
    outline_of,
    study,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def qiqige():
    return a_member("其其格", username="qiqige")


def sign_in(api, login="qiqige", password=PASSWORD):
    return api().post("/session", {"login": login, "password": password})


def test_signing_in_tells_who_one_is(api, qiqige):
    body = sign_in(api).json()
    assert body["user"]["name"] == "其其格"
    assert body["roles"] == ["member"]
    assert body["account_id"] == str(qiqige.user.account_id)
    assert body["member"]["phone"] == "139****1234"


def test_signing_in_sets_the_session_and_csrf_cookies(api, qiqige):
    client = api()
    client.post("/session", {"login": "qiqige", "password": PASSWORD})
    assert {"sessionid", "csrftoken"} <= set(client.client.cookies)
    assert client.get("/me").status_code == 200


def test_a_late_answer_never_overwrites_the_cookie_of_a_form_opened_meanwhile(api, qiqige):
    client = api(qiqige.user)
    assert "csrftoken" in client.get("/me").cookies
    assert "csrftoken" not in client.get("/me").cookies


def test_signing_in_starts_a_new_session(api, qiqige):
    client = api()
    client.client.session.save()
    before = client.client.session.session_key
    client.post("/session", {"login": "qiqige", "password": PASSWORD})
    assert client.client.session.session_key != before


@pytest.mark.parametrize("login", ["qiqige", "nobody"])
def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(api, qiqige, login):
    answer = sign_in(api, login, "wrong-wrong-wrong")
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_credentials")


def test_five_failures_lock_the_login_for_a_while(api, qiqige):
    answers = [sign_in(api, password="wrong-wrong-wrong").status_code for _ in range(5)]
    assert answers[:4] == [401] * 4
    locked = sign_in(api)
    assert (locked.status_code, locked.json()["code"]) == (429, "locked_out")
    assert 0 < int(locked["Retry-After"]) <= 900


def test_a_lock_is_for_one_login_not_for_the_village(api, qiqige):
    for _ in range(6):
        sign_in(api, password="wrong-wrong-wrong")
    a_member("巴图", username="batu")
    assert sign_in(api, "batu").status_code == 200


def test_a_form_of_another_site_cannot_sign_anybody_in(api, qiqige):
    body = json.dumps({"login": "qiqige", "password": PASSWORD})
    answer = api().client.post("/api/v1/session", body, content_type="text/plain")
    assert answer.status_code == 415


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"login": "qiqige"}, "password"),
        ({"login": "qiqige", "password": "x", "role": "admin"}, "role"),
        ({"login": "", "password": "x"}, "login"),
        ({"login": ["x"], "password": "x"}, "login"),
    ],
)
def test_a_body_that_does_not_fit_is_422_and_says_where(api, body, place):
    answer = api().post("/session", body)
    assert answer.status_code == 422
    assert place in answer.json()["errors"][0]["loc"]
    assert answer.json()["errors"][0]["message"]


def test_signing_out_ends_the_session(api, qiqige):
    client = api(qiqige.user)
    assert client.send("DELETE", "/session").status_code == 204
    assert client.get("/me").status_code == 401


PLACE = "辽宁省沈阳市和平区"


def test_what_a_member_says_of_a_move_waits_and_is_answered_with(api, qiqige):
    client = api(qiqige.user)
    before = client.get("/me").json()["member"]
    assert before["waiting"] is None
    change = {"host_place_code": "210102", "host_place_name": "沈阳市和平区", "trade": "catering"}
    after = client.send("PATCH", "/me", change).json()["member"]
    said = {"place": PLACE, "phone": "", "trade": "catering", "since": "", "return_month": ""}
    assert after == before | {"waiting": said}
    assert client.get("/me").json()["member"] == after


def test_a_number_that_waits_is_masked(api, qiqige):
    report_move(member=qiqige, report_id=uuid4(), said={"phone": "13800005678"})
    assert api(qiqige.user).get("/me").json()["member"]["waiting"]["phone"] == "138****5678"


def test_full_width_digits_are_kept_as_plain_ones(api, qiqige):
    change = {"host_place_code": "２１０１０２", "return_month": "２０２７－０１"}
    answer = api(qiqige.user).send("PATCH", "/me", change)
    waiting = answer.json()["member"]["waiting"]
    assert (waiting["place"], waiting["return_month"]) == (PLACE, "2027-01")


@pytest.mark.parametrize(
    "change",
    [
        {"name": "别人"},
        {"phone": "13800000000"},
        {"exempt_reason": "age"},
        {"liaison": 1},
        {"is_superuser": True},
        {"host_place_code": "x"},
        {"host_place_code": "000000"},
        {"host_place_code": "990000"},  # six digits and no province
        {"return_month": "0000-01"},
        {"return_month": "9999-12"},
        {"trade": "boss"},
    ],
)
def test_a_member_may_not_change_anything_else(api, qiqige, change):
    assert api(qiqige.user).send("PATCH", "/me", change).status_code == 422
    qiqige.refresh_from_db()
    assert (qiqige.name, qiqige.phone, qiqige.exempt_reason) == ("其其格", "13900001234", "")


def test_a_member_reads_who_looked(api, qiqige):
    group = a_group(qiqige)
    leader = a_leader(group)
    StudyPlanFactory(branch=group.branch, lessons=[a_lesson()])
    api(leader).get(f"/groups/{group.public_id}/completion")
    (view,) = api(qiqige.user).get("/me/views").json()["items"]
    assert view["viewer"] == "乌云"


def test_reloading_within_the_hour_is_one_look(api, qiqige):
    group = a_group(qiqige)
    leader = a_leader(group)
    StudyPlanFactory(branch=group.branch, lessons=[a_lesson()])
    for _ in range(3):
        api(leader).get(f"/groups/{group.public_id}/completion")
    assert RecordView.objects.count() == 1


def test_the_export_holds_everything_stored(api, qiqige):
    lesson = a_lesson()
    study(qiqige, lesson)
    answer = api(qiqige.user).get("/me/export")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    told = json.loads(archive.read("record.json"))
    assert told["member"]["phone"] == "13900001234"
    assert len(told["records"]) == Record.objects.count() == 3
    assert [place["seen_on"] for place in told["signed_in"]] == [str(today())]
    kept = {relation.get_accessor_name() for relation in Member._meta.related_objects}
    assert kept - {"progress"} <= set(told)  # progress follows from the records: record.xlsx
    assert {"record.json", "record.xlsx", "说明.txt"} == set(archive.namelist())


def test_a_wish_for_erasure_is_kept_once_and_answered_in_words(api, qiqige):
    client = api(qiqige.user)
    first, second = client.send("DELETE", "/me"), client.send("DELETE", "/me")
    assert first.status_code == second.status_code == 202
    assert first.json()["id"] == second.json()["id"]
    assert "15 个工作日" in first.json()["detail"]
    assert ErasureRequest.objects.count() == 1


def test_the_plan_lists_what_is_assigned_with_its_state(api, qiqige):
    group, done, fresh = a_group(qiqige), a_lesson(), a_lesson()
    StudyPlanFactory(branch=group.branch, lessons=[done, fresh])
    study(qiqige, done)
    items = api(qiqige.user).get("/me/plan").json()["items"]
    assert [item["status"] for item in items] == ["finished", "not_started"]
    assert items[0]["required"] is True
    assert items[0]["due_on"]


def test_progress_lists_the_lessons_begun(api, qiqige):
    lesson = a_lesson()
    begin(qiqige, lesson)
    (item,) = api(qiqige.user).get("/me/progress").json()["items"]
    assert item["lesson_id"] == str(lesson.translation_key)
    assert item["sections_read"] == [str(outline_of(lesson).sections[0].id)]
    assert (item["status"], item["percent"]) == ("in_progress", 50)


def test_a_token_does_not_outlive_the_password_it_was_given_under(api):
    user, other = a_user("integrator"), a_user("other")
    clients = {}
    for one in (user, other):
        _, token = APIToken.create_token(user=one, name="test")
        clients[one] = api(Authorization=f"Bearer {token}")
    user.display_name = "换了名字"
    user.save()
    assert clients[user].get("/me").status_code == 200
    user.set_password("another-long-password")
    user.save()
    assert clients[user].get("/me").status_code == 401
    headers = clients[user].headers
    assert clients[user].client.get("/api/cms/whoami/", headers=headers).status_code == 401
    assert clients[other].get("/me").status_code == 200


def test_a_password_that_is_only_stored_in_a_newer_way_voids_nothing(api, settings):
    user = a_user("integrator")
    _, token = APIToken.create_token(user=user, name="test")
    first, *_ = settings.PASSWORD_HASHERS
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", first]
    assert user.check_password(PASSWORD)  # and rehashes it
    user.refresh_from_db()
    assert user.password.startswith("scrypt")
    assert api(Authorization=f"Bearer {token}").get("/me").status_code == 200


def test_a_bearer_token_is_good_for_its_user_and_needs_no_csrf(api):
    from wagtail.models import APIToken

    user = a_user("integrator")
    created = (
        APIToken.create_token(user=user, name="test")
        if hasattr(APIToken, "create_token")
        else APIToken.objects.create_token(user=user, name="test")
    )
    token = created[1] if isinstance(created, tuple) else created
    client = api(Authorization=f"Bearer {token}")
    assert client.get("/me").json()["user"]["login"] == "integrator"
    assert api(Authorization="Bearer nonsense").get("/me").status_code == 401
