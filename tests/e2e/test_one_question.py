"""A page of somebody signed in asks the server once for all that is personal."""

from tests.e2e.conftest import sign_in
from tests.e2e.stage import a_stage

ACCOUNT = "0198c0de-0000-7000-8000-00000000abcd"
LESSON = "/courses/kaitian/wusi-yundong/"


def asked_by(phone, path, end):
    """Addresses below /me that a visit reads; what it sends is no question."""
    asked = []
    sign_in(phone, "member04", then=path)
    phone.wait_for_selector(end)
    with phone.expect_response("**/api/v1/me/now*"):
        phone.on("request", lambda request: asked.append((request.method, request.url)))
        phone.goto(path)
    phone.wait_for_selector(end)
    phone.wait_for_load_state("networkidle")
    read = [url for method, url in asked if method == "GET" and "/api/v1/me" in url]
    return [url.partition("/api/v1/")[2] for url in read]


def test_a_lesson_asks_once(phone):
    asked = asked_by(phone, LESSON, "#lesson-state .state")
    assert asked == ["me/now?parts=progress,corrections"]


def test_todays_page_asks_once(phone):
    asked = asked_by(phone, "/", "#today .sum")
    assert asked == ["me/now?parts=plan,corrections"]


def test_beside_a_server_of_the_version_before_what_was_told_earlier_holds(browser):
    """In the middle of an upgrade: who reads is known, and what is done is recorded."""
    with a_stage(browser, ACCOUNT) as stage:
        stage.progress[ACCOUNT] = [{"lesson_id": stage.lesson["lesson"], "status": "in_progress"}]
        stage.open().close()
        stage.knows_now = False
        page = stage.open()
        assert page.inner_text("#lesson-state").startswith("◐ 在学")
        page.click("text=学完了")
        page.wait_for_selector("#finish-note >> text=已存上")
    assert stage.kinds(ACCOUNT) == ["lesson_finished"]
