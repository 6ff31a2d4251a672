"""Three people sign a lesson at the desk."""

import re

from tests.e2e.conftest import press, sign_in

REVIEWERS = ("reviewer1", "reviewer2", "reviewer3")


def submit(page):
    """提交审核 on the open page of the editor."""
    page.get_by_role("button", name="更多动作").last.click()
    press(page, "[name=action-submit]")


def sign(page, title):
    """As the signed-in reviewer: what waits, what it says, 通过."""
    page.goto("/cms/reviews/")
    press(page, f"td.title a:has-text('{title}')")
    press(page, "button[value=approve]")
    page.get_by_text("已签，交给下一级").first.wait_for()


def pass_all(browser, product, title):
    for who in REVIEWERS:
        context = browser.new_context(base_url=product, locale="zh-CN")
        page = context.new_page()
        sign_in(page, who, then="/cms/")
        sign(page, title)
        context.close()


def publish(page, title, *, channel=""):
    """As a publisher: what passed its reviews is on the first page."""
    page.goto("/cms/")
    press(page, f"section[aria-labelledby*=signed] a:has-text('{title}')")
    press(page, "a:has-text('打开编辑页')")
    if channel:
        page.check(f"[name=channel_pick][value={channel}]")
    page.get_by_role("button", name="更多动作").last.click()
    press(page, "[name=action-publish]")


def a_draft(page):
    """The form of some lesson that nobody has locked."""
    page.goto("/cms/pages/")
    found = page.request.get("/api/v1/lessons").json()["items"][0]
    html = page.request.get(f"/cms/pages/search/?q={found['title']}").text()
    return re.search(r"/cms/pages/\d+/edit/", html).group()


def lesson_of(page, title):
    """What the interface says of a lesson that is public now."""
    cards = page.request.get("/api/v1/lessons?limit=100").json()["items"]
    return next(card for card in cards if card["title"] == title)
