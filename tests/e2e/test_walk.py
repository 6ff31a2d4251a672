"""The main job, end to end, as its people do it: editor, member, leader, world."""

import json
import re
from uuid import uuid4

import pytest

from tests.bench.servers import manage
from tests.e2e import reviews
from tests.e2e.conftest import press, sign_in
from tests.e2e.learner import answer, study
from tests.e2e.phones import wait_until_sent

TITLE = f"演示新课{uuid4().hex[:6]}"
BODY = "队伍走了很远的路，停下来开了三天会。大家把话说开，换了走法。"


def add_block(page, name):
    page.locator(".c-sf-add-button").last.click()
    page.get_by_role("option", name=name, exact=True).click()


def write_lesson(page):
    """In Wagtail, with a section and a self-check, sent to its reviews."""
    sign_in(page, "editor", then="/cms/")
    page.goto("/cms/pages/")
    for name in ("指尖课堂", "课程", "开天辟地"):
        children = page.get_by_label(f"查看'{name}'的子页面").first.get_attribute("href")
        page.goto(children)
    course_id = re.search(r"/pages/(\d+)/", children)[1]
    page.goto(f"/cms/pages/add/content/lessonpage/{course_id}/")
    page.fill("[name=title]", TITLE)
    page.fill("[name=summary]", "一次会议，换了走法。")
    add_block(page, "小节")
    page.fill("[name=body-0-value-heading]", "三天的会")
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.type(BODY)
    add_block(page, "自测")
    question = "body-1-value-questions-0-value"
    page.select_option(f"[name={question}-kind]", "truefalse")
    page.fill(f"[name={question}-stem]", "会开了三天。")
    page.select_option(f"[name={question}-truth]", "true")
    page.fill(f"[name={question}-explanation]", "正文里写着：停下来开了三天会。")
    choice = page.locator(f".section-choice:has([name={question}-section]) select")
    choice.select_option(label="三天的会")
    reviews.submit(page)
    page.wait_for_url(f"**/cms/pages/{course_id}/")


def wait_for_delivery(page, lesson_id, state, tries=120):
    """As the publisher sees it through the API, asked again until the worker is done."""
    for _ in range(tries):
        answer = page.request.get(f"/api/v1/deliveries?lesson_id={lesson_id}")
        deliveries = answer.json()["items"]
        if deliveries and deliveries[0]["state"] == state:
            return deliveries[0]
        page.wait_for_timeout(500)
    raise AssertionError(f"never {state}: {deliveries}")


@pytest.fixture(scope="module")
def published(browser, product):
    """A lesson that an editor wrote, three people signed and a publisher published with WeChat
    ticked, once for the tests here."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, base_url=product, locale="zh-CN"
    )
    page = context.new_page()
    write_lesson(page)
    reviews.pass_all(browser, product, TITLE)
    page.context.clear_cookies()
    sign_in(page, "publisher", then="/cms/")
    reviews.publish(page, TITLE, channel="wechat-demo")
    card = reviews.lesson_of(page, TITLE)
    delivery = wait_for_delivery(page, card["id"], "published")
    yield card, delivery
    context.close()


def study_on_the_phone(page, card):
    """Read, answer, say so — with the script doing the sending."""
    sign_in(page, "member01", then="/")
    page.goto("/" + card["url"].split("/", 3)[3])
    assert BODY in page.inner_text("main")
    page.locator("fieldset").first.scroll_into_view_if_needed()
    page.locator("fieldset input[type=radio][value=true]").check()
    page.locator("button[name=do][value=quiz]").click()
    page.wait_for_selector("#check-note >> text=已")
    page.locator("button[name=do][value=finish]").click()
    page.wait_for_selector("#finish-note >> text=这一课学完了")
    wait_until_sent(page)


PUT_INTO_THE_PLAN = """
from studyhub.learning.models import PlannedLesson, StudyPlan
plan = StudyPlan.objects.get(slug="2026-autumn")
PlannedLesson.objects.update_or_create(
    plan=plan, lesson_key="%s", defaults={"required": False, "position": 99}
)
"""


def test_a_lesson_goes_from_the_desk_to_a_phone_back_as_a_record_and_out_to_a_channel(
    published, phone, desk, product_environment
):
    card, delivery = published
    manage(product_environment, "shell", "--no-imports", "-c", PUT_INTO_THE_PLAN % card["id"])
    study_on_the_phone(phone, card)
    progress = phone.request.get("/api/v1/me/progress").json()["items"]
    mine = next(item for item in progress if item["lesson_id"] == card["id"])
    assert (mine["status"], mine["percent"]) == ("finished", 100)
    assert mine["quiz"]["best"] == 100

    line = seen_by_the_leader(desk, "演示学员01")
    assert line["statuses"][card["id"]] == "finished"
    manage(product_environment, "verify_progress")

    desk.goto(delivery["external"]["url"])
    assert TITLE in desk.inner_text("body")
    assert BODY in desk.inner_text("body")
    assert "沙箱" in desk.inner_text("body")


def seen_by_the_leader(page, name):
    """The member's line of leader1's group, on the page and through the API."""
    sign_in(page, "leader1", then="/lead/")
    page.locator("main a[href*='/lead/groups/']").first.click()
    page.wait_for_url("**/lead/groups/*/")
    assert name in page.inner_text("main")
    group_id = page.url.rstrip("/").rsplit("/", 1)[1]
    completion = page.request.get(f"/api/v1/groups/{group_id}/completion").json()
    return next(line for line in completion["members"] if line["name"] == name)


def test_the_leader_sees_a_planned_lesson_finished(phone, desk):
    sign_in(phone, "member01")
    plan = phone.request.get("/api/v1/me/plan").json()["items"]
    item = next(item for item in plan if item["status"] != "finished")
    study(phone, item)

    line = seen_by_the_leader(desk, "演示学员01")
    assert line["statuses"][item["lesson_id"]] == "finished"

    phone.goto("/me/")
    assert "演示组长01" in phone.inner_text("main")


def test_the_feeds_hold_the_new_lesson_in_full(published, desk):
    assert published
    rss = desk.request.get("/feeds/lessons.rss").text()
    assert TITLE in rss
    assert BODY in rss
    items = json.loads(desk.request.get("/feeds/lessons.json").text())["items"]
    mine = next(item for item in items if item["title"] == TITLE)
    assert BODY in mine["content_html"]


def test_everything_works_without_a_script(browser, product):
    """The same walk by forms: read, hand in signed out, sign in, recorded."""
    context = browser.new_context(base_url=product, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    cards = page.request.get("/api/v1/lessons?course=caoyuan").json()["items"]
    lesson = page.request.get(f"/api/v1/lessons/{cards[0]['id']}").json()
    page.goto("/" + cards[0]["url"].split("/", 3)[3])
    for question in lesson["quiz"]["questions"]:
        answer(page, question)
    press(page, "button[name=do][value=finish]")
    page.fill("input[name=username]", "member31")
    page.fill("input[name=password]", "studyhub-demo")
    press(page, "main form:has(input[name=password]) button[type=submit]")
    progress = page.request.get("/api/v1/me/progress").json()["items"]
    mine = next(item for item in progress if item["lesson_id"] == lesson["id"])
    assert mine["status"] == "finished"
    context.close()
