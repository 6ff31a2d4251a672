"""What no database can answer is the asker's mistake, at the desk and in the content API."""

import pytest
from django.test import RequestFactory
from wagtail.models import APIToken

from content.models import LessonPage
from studyhub.web.questions import RefusesBadQuestions
from tests import factories as make
from tests.content.desk import lesson_form

HUGE = "9" * 30
FIRST, LAST = "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"

# SQLite or PostgreSQL fails in the middle of a transaction: each question gets its own.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss(admin_client):
    admin_client.raise_request_exception = False
    return admin_client


@pytest.fixture
def lesson():
    return make.a_lesson()


@pytest.mark.slow
def test_the_desks_lists_refuse_it_in_words(boss, lesson):
    questions = [
        *(f"pages/?{name}={HUGE}" for name in ("site", "content_type", "owner", "edited_by")),
        f"pages/{lesson.pk}/history/?timestamp_from=0001-01-01",
        *(
            "pages/?latest_revision_created_at_from=0001-01-01",
            f"reports/site-history/?user={HUGE}",
        ),
        *("reports/workflow/?created_at_from=0001-01-01", f"api-tokens/?user={HUGE}"),
    ]
    for question in questions:
        answer = boss.get(f"/cms/{question}")
        assert answer.status_code < 500, question
        if answer.status_code == 400:
            assert "请返回上一页" in answer.content.decode()


@pytest.mark.slow
def test_the_content_api_refuses_it_in_its_own_form(client, admin_user, lesson):
    client.raise_request_exception = False
    _, key = APIToken.create_token(user=admin_user, name="test")
    token = {"Authorization": f"Bearer {key}"}
    revisions = f"pages/{lesson.pk}/revisions"
    questions = [
        *(f"{name}/?offset={HUGE}" for name in ("pages", "redirects", "documents", "images")),
        *(
            f"{revisions}/?{name}={day}"
            for name in ("created_at_from", "created_at_to")
            for day in (FIRST, LAST)
        ),
        *(f"{revisions}/?user_id={who}" for who in ("x", "", HUGE, "%00")),
    ]
    for question in questions:
        answer = client.get(f"/api/cms/{question}", headers=token)
        assert answer.status_code < 500, question
        if answer.status_code == 400:
            assert answer.json()["code"] == "malformed"


@pytest.mark.parametrize(
    ("field", "value"), [("body-count", "x"), ("body-0-order", "x"), ("cover", "null")]
)
def test_a_form_that_no_browser_sends_is_refused_in_words(boss, lesson, field, value):
    form = lesson_form(lesson, text="改过") | {field: value}
    answer = boss.post(f"/cms/pages/{lesson.pk}/edit/", form)
    assert answer.status_code == 400
    assert "请返回上一页" in answer.content.decode()
    assert LessonPage.objects.get(pk=lesson.pk).latest_revision == lesson.latest_revision


def test_nor_does_a_copy_go_where_there_is_no_page(boss, lesson):
    form = {"new_parent_page": "x", "new_title": "抄", "new_slug": "chao"}
    assert boss.post(f"/cms/pages/{lesson.pk}/copy/", form).status_code == 400


@pytest.mark.parametrize(
    ("method", "address"),
    [("get", "/me/?year=x"), ("post", "/cms/pages/?p=1"), ("get", "/cms/"), ("get", "/api/cms/")],
)
def test_a_fault_of_ours_stays_a_fault(method, address):
    middleware = RefusesBadQuestions(lambda request: None)
    request = getattr(RequestFactory(), method)(address)
    assert middleware.process_exception(request, ValueError()) is None
    asked = RequestFactory().get("/cms/pages/?p=1")
    assert middleware.process_exception(asked, KeyError()) is None
