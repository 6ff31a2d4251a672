"""The content API, Wagtail's own, says only what it did."""

import re

import pytest
from django.utils import timezone
from wagtail.models import APIToken

from content.models import LessonPage
from studyhub.api.problems import _chinese
from tests import factories as make
from tests.api.problems import is_a_problem


@pytest.fixture
def lesson(db):
    return make.a_lesson()


@pytest.fixture
def patch(admin_user, client, lesson):
    _, key = APIToken.create_token(user=admin_user, name="test")

    def send(body):
        headers = {"Authorization": f"Bearer {key}"}
        return client.patch(
            f"/api/cms/pages/{lesson.pk}/", body, "application/json", headers=headers
        )

    return send


def written(lesson):
    """The summary as the desk would show it now."""
    return type(lesson).objects.get(pk=lesson.pk).get_latest_revision_as_object().summary


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"meta": {"go_live_at": "2027-01-01T00:00:00Z"}}, "meta.go_live_at"),
        ({"meta": {"seo_title": "另一个"}}, "meta.seo_title"),
        ({"meta": {"type": "content.LessonPage", "live": False}, "summary": "新"}, "meta.live"),
        ({"meta": [], "summary": "新"}, "meta"),
        ({"meta": "", "summary": "新"}, "meta"),
        ({"body": [], "summary": "新"}, "body"),
    ],
)
def test_what_it_cannot_change_is_refused_however_deep_it_lies(patch, lesson, body, name):
    answer = patch(body)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_fields")
    assert answer.json()["errors"][0]["loc"] == name.split(".")
    assert name in answer.json()["detail"]
    assert written(lesson) == lesson.summary


@pytest.mark.parametrize("meta", [{"type": "content.LessonPage"}, {"action": "publish"}, {}, None])
def test_what_it_knows_it_takes(patch, lesson, meta):
    assert patch({"meta": meta, "summary": "新的摘要"}).status_code == 200
    assert written(lesson) == "新的摘要"


@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("get", "pages/?limit=x", 422, "invalid"),
        ("get", "pages/999999/", 404, "not_found"),
        ("get", "images/", 401, "not_signed_in"),
        ("put", "pages/", 405, "method_not_allowed"),
        ("post", "pages/", 401, "not_signed_in"),
    ],
)
def test_what_wagtail_says_in_english_is_said_in_chinese(client, db, method, address, status, code):
    answer = getattr(client, method)(f"/api/cms/{address}")
    assert (answer.status_code, is_a_problem(answer)) == (status, code)
    for mistake in answer.json().get("errors", ()):
        assert set(mistake) == {"loc", "code", "message"}
        assert re.search("[一-鿿]", mistake["message"])


def test_a_mistake_in_a_field_is_named_with_its_place_and_its_reason(patch):
    answer = patch({"minutes": 999})
    assert is_a_problem(answer) == "invalid"
    (mistake,) = answer.json()["errors"]
    assert mistake["loc"] == ["minutes"]
    assert "120" in mistake["message"]


@pytest.fixture
def act(admin_user, client, lesson):
    _, key = APIToken.create_token(user=admin_user, name="test")

    def send(name, body):
        headers = {"Authorization": f"Bearer {key}"}
        address = f"/api/cms/pages/{lesson.pk}/actions/{name}/"
        return client.post(address, body, "application/json", headers=headers)

    return send


@pytest.mark.parametrize("body", [{}, {"recursive": True}, {"slug": "copied"}])
def test_a_copy_is_a_draft_unless_somebody_says_otherwise(act, lesson, body):
    """It has no restriction of its own: the copy of a closed lesson was open to all."""
    assert act("copy", body).status_code == 201
    assert not LessonPage.objects.exclude(pk=lesson.pk).get().live


def test_a_copy_that_shall_be_live_is(act, lesson):
    assert act("copy", {"keep_live": True}).status_code == 201
    assert LessonPage.objects.exclude(pk=lesson.pk).get().live


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("copy", {"destination_page_id": 1}),
        ("unpublish", {"include_descendants": True}),
        ("move", {"destination_id": 1, "before": 2}),
    ],
)
def test_an_action_refuses_what_it_does_not_know(act, lesson, name, body):
    """They stand in routers within routers, where nobody looked."""
    answer = act(name, body)
    assert (answer.status_code, is_a_problem(answer)) == (422, "unknown_fields")
    assert LessonPage.objects.get().live


@pytest.mark.parametrize("position", [None, "left", "right", "first-sibling", "last-sibling"])
def test_there_is_no_place_beside_the_root(admin_user, client, lesson, position):
    headers = make.bearer(admin_user)
    asked = {"destination_id": 1, **({"position": position} if position else {})}
    path = f"/api/cms/pages/{lesson.pk}/actions/move/"
    answer = client.post(path, asked, "application/json", headers=headers)
    assert (answer.status_code, is_a_problem(answer)) == (422, "no_place_there")
    assert LessonPage.objects.get(pk=lesson.pk).path == lesson.path


@pytest.mark.parametrize("position", ["first-child", "last-child"])
def test_a_lesson_does_not_stand_at_the_top(admin_user, client, lesson, position):
    path, headers = f"/api/cms/pages/{lesson.pk}/actions/move/", make.bearer(admin_user)
    asked = {"destination_id": 1, "position": position}
    answer = client.post(path, asked, "application/json", headers=headers)
    assert 400 <= answer.status_code < 500
    assert is_a_problem(answer)
    assert LessonPage.objects.get(pk=lesson.pk).path == lesson.path


@pytest.fixture
def locked(lesson, admin_user):
    """By somebody else, for everybody."""
    lesson.locked, lesson.locked_by = True, make.a_user("boss")
    lesson.locked_at = timezone.now()
    lesson.save()
    return lesson


def in_chinese_alone(answer):
    told = answer.json()
    said = [told["detail"], *(one["message"] for one in told.get("errors", ()))]
    return all(
        re.search("[一-鿿]", one) and not re.search("[A-Za-z]{3,} [a-z]", one) for one in said
    )


def test_a_locked_page_says_so_in_chinese(patch, locked):
    answer = patch({"summary": "新的摘要"})
    assert (answer.status_code, is_a_problem(answer)) == (403, "page_locked")
    assert in_chinese_alone(answer)
    assert "什么也没有存" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("publish", {}),
        ("unpublish", {}),
        ("delete", {}),
        ("move", {"destination_id": 1, "position": "last-child"}),
        ("copy", {"destination_id": 1}),
        ("copy", {"slug": "有 空格"}),
        ("create_alias", {}),
        ("convert_alias", {}),
        ("revert", {"revision_id": 1}),
    ],
)
def test_no_refusal_of_an_action_is_in_english(act, locked, settings, name, body):
    settings.REVIEW_LEVELS = 3
    answer = act(name, body)
    if answer.status_code >= 400:
        assert is_a_problem(answer)
        assert in_chinese_alone(answer)


@pytest.mark.parametrize(
    ("said", "is_chinese"),
    [
        ("The 课 could not be saved as it is locked.", False),
        ("You do not have permission to publish this 课.", False),
        ("这个令牌的账号不能进编辑后台。", True),
        ("字段名见接口文档，例如 Authorization: Bearer …。", True),
        ("“The Long March of 1934”的标题太长。", True),
        ("No page matches", False),
        (None, False),
    ],
)
def test_an_english_sentence_that_names_something_in_chinese_is_english(said, is_chinese):
    assert (_chinese(said, "请检查地址。") == said) is is_chinese
