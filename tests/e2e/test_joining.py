"""A link on a small phone without scripts: asked, agreed to by the leader, signed in."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, sign_in
from tests.e2e.pages import small_targets, too_wide


@pytest.fixture
def phones(browser, product):
    """The leader's and the newcomer's, both without JavaScript."""
    contexts = [
        browser.new_context(
            base_url=product, java_script_enabled=False, locale="zh-CN", viewport=PHONE
        )
        for _ in range(2)
    ]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def asked_by(page, link, name="演示学员09"):
    page.goto(link)
    page.fill("#id_name", name)
    page.fill("#id_phone", "13911110009")
    page.check("input[name=agreed]")
    page.get_by_role("button", name="交给组长").click()
    expect(page.get_by_role("heading", name="申请交上了")).to_be_visible()


def agreed_by(page):
    page.get_by_role("link", name="看谁来报名").click()
    page.get_by_role("link", name="核对演示学员09的申请").click()
    ending = page.locator("li", has_text="演示学员09").first
    expect(ending).to_contain_text("姓名一样")
    digits = re.search(r"\*{4}(\d{4})", ending.inner_text())[1]
    page.get_by_role("button", name="就是演示学员09，同意").first.click()
    expect(page.get_by_role("status")).to_contain_text("同意了")
    return digits


def invited_by(leader):
    """The link of a new invite."""
    sign_in(leader, "leader1", "/lead/")
    leader.locator(".card a").first.click()
    leader.get_by_role("link", name="邀请", exact=True).click()
    leader.get_by_role("button", name="做一个新的邀请").click()
    text = leader.get_by_label("要发的话")
    expect(text).to_be_visible()
    return re.search(r"/join/\w{12}/", text.input_value())[0]


def test_a_newcomer_is_let_in_without_a_script(phones, product):
    leader, newcomer = phones
    link = invited_by(leader)
    asked_by(newcomer, link)
    leader.get_by_role("link", name="记好了，回去").click()
    digits = agreed_by(leader)
    newcomer.get_by_role("link", name="再看一次").click()
    expect(newcomer.get_by_role("heading", name="可以登录了")).to_be_visible()
    newcomer.fill("#id_last_digits", digits)
    newcomer.get_by_role("button", name="登录").click()
    expect(newcomer).to_have_url(f"{product}/")
    newcomer.goto("/me/")
    expect(newcomer.get_by_role("main")).to_contain_text("演示学员09")


def test_its_pages_fit_a_small_phone_with_large_type(browser, product, phones):
    leader, _ = phones
    link = invited_by(leader)
    context = browser.new_context(base_url=product, locale="zh-CN", viewport=PHONE)
    context.add_cookies([{"name": "look", "value": "size.30", "url": product}])
    page = context.new_page()
    page.goto(link)
    assert (small_targets(page, 48), too_wide(page)) == ([], False)
    asked_by(page, link, "演示学员10")
    assert (small_targets(page, 48), too_wide(page)) == ([], False)
    sign_in(page, "leader1", leader.url)
    page.goto(leader.url.replace("invites", "requests"))
    page.get_by_role("link", name="核对演示学员10的申请").first.click()
    expect(page.get_by_role("heading", name="演示学员10的申请")).to_be_visible()
    assert (small_targets(page, 48), too_wide(page)) == ([], False)
    context.close()
