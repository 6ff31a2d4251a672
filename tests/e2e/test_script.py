"""The small script in a real browser: what it paints, what it sends, what it keeps."""

import pytest

from tests.e2e.phones import rows_on, wait_until, wait_until_sent

pytestmark = pytest.mark.once  # it asks the phone, whatever database answers

LESSON = "/courses/changzheng/changzheng-huishi/"
RECORDS = "**/api/v1/me/records"
UNSENT = "text=✓ 已保存在本机，联网后自动上传"


def open_lesson(phone, username):
    """Every test signs in somebody else: what one records is not in another's way."""
    phone.goto("/login/")
    phone.fill("#id_username", username)
    phone.fill("#id_password", "studyhub-demo")
    phone.click("main button")
    phone.wait_for_selector("#next-lesson")
    phone.goto(LESSON)
    phone.wait_for_selector("#lesson-state .state")


def progress(phone):
    key = phone.locator("#study").get_attribute("action").split("/")[2]
    items = phone.request.get("/api/v1/me/progress?limit=100").json()["items"]
    found = [item for item in items if item["lesson_id"] == key]
    return found[0] if found else None


def answer_rightly(phone):
    data = phone.evaluate("JSON.parse(document.getElementById('lesson-data').textContent)")
    for question in data["quiz"]["questions"]:
        box = phone.locator(f'[id="f-{question["id"]}"]')
        answer = question["answer"]
        if question["kind"] == "blank":
            box.locator("input").fill(f" {answer}。")
            continue
        for value in answer if isinstance(answer, list) else [answer]:
            box.locator(f'[value="{str(value).lower()}"]').check()


def test_reading_checking_and_saying_so_finishes_a_lesson(phone):
    sent = []
    phone.on("request", lambda r: sent.append(r.post_data_json) if r.method == "POST" else None)
    open_lesson(phone, "member60")
    for end in phone.locator("[data-end]").all():
        end.scroll_into_view_if_needed()
    wait_until(phone, lambda: phone.locator(".toc .state").count() == 4, seconds=30)
    answer_rightly(phone)
    phone.click("button[value=quiz]")
    phone.wait_for_selector("text=4 题答对 4 题，通过了。")
    phone.wait_for_selector("text=✓ 已存上。")
    phone.click("button[value=finish]")
    phone.wait_for_selector("text=✓ 这一课学完了")
    wait_until_sent(phone)
    assert progress(phone)["status"] == "finished"
    records = [record for body in sent if "records" in body for record in body["records"]]
    said = {name for record in records for name in record["data"]}
    assert said == {"section_ids", "quiz_id", "attempt_id", "answers"}  # never how long
    assert all(record["id"][14] == "7" for record in records)
    assert len({record["seq"] for record in records}) == len({record["id"] for record in records})


def test_what_could_not_be_sent_is_kept_and_sent_once(phone):
    open_lesson(phone, "member59")
    before = (progress(phone) or {}).get("quiz") or {"attempts": 0}
    phone.route(RECORDS, lambda route: route.abort())
    answer_rightly(phone)
    phone.click("button[value=quiz]")
    phone.wait_for_selector(UNSENT)
    phone.click("button[value=quiz]")
    phone.wait_for_selector(UNSENT)
    phone.unroute(RECORDS)
    phone.goto("/courses/")  # the next page sends what waits
    wait_until_sent(phone)
    phone.goto(LESSON)
    assert progress(phone)["quiz"] == {"best": 100, "attempts": before["attempts"] + 1}


@pytest.mark.parametrize("answer", ["<html>请登录热点</html>", "{}", '{"results": "x"}'])
def test_an_answer_that_is_not_ours_acknowledges_nothing(phone, answer):
    open_lesson(phone, "member58")
    phone.route(RECORDS, lambda route: route.fulfill(status=200, body=answer))
    answer_rightly(phone)
    phone.click("button[value=quiz]")
    phone.wait_for_selector(UNSENT)
    assert rows_on(phone, "waiting")


def test_signed_out_readers_get_their_answers_at_once_and_nobody_is_asked(phone):
    asked = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(LESSON, wait_until="networkidle")
    assert len([address for address in asked if "/media/" not in address]) <= 8
    phone.locator("fieldset").first.locator("input").nth(1).check()
    phone.click("button[value=quiz]")
    phone.wait_for_selector("text=您还没有登录，这次作答没有记下来")
    target = phone.locator(".verdict a").first.get_attribute("href")
    assert phone.locator(f'[id="{target[1:]}"]').count() == 1
    assert not [address for address in asked if "/api/v1/me" in address]
    phone.click("#check-note button")
    phone.wait_for_selector("text=登录并存上")


def test_the_chosen_size_is_remembered_and_fits(phone):
    phone.goto(LESSON)
    phone.click("#type-size")
    phone.click("#sizes >> text=特大")
    phone.goto("/courses/")
    phone.wait_for_selector('html[data-size="30"]')
    assert phone.evaluate("getComputedStyle(document.documentElement).fontSize") == "30px"
    phone.set_viewport_size({"width": 320, "height": 640})
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_home_shows_the_next_lesson_of_the_plan(phone):
    open_lesson(phone, "member57")
    plan = phone.request.get("/api/v1/me/plan").json()["items"]
    following = next(item for item in plan if item["status"] != "finished")
    phone.goto("/")
    phone.wait_for_selector(f"#next-lesson >> text={following['title']}")
    required = sum(item["required"] for item in plan)
    phone.wait_for_selector(f"#today >> text=这期计划有 {required} 课必学")


def test_a_phone_tells_what_it_can_do_once_and_without_a_name(phone):
    told = []
    phone.on("request", lambda r: told.append(r) if r.url.endswith("/offline/tier") else None)
    phone.goto("/login/")
    for _ in range(2):
        phone.goto("/offline/")
        phone.wait_for_selector("#tier:has-text('没有信号')")
        wait_until(phone, lambda: told, seconds=30)
    assert [request.post_data_json for request in told] == [{"tier": 1}]
    assert told[0].response().status == 204
    assert "cookie" not in told[0].all_headers()
