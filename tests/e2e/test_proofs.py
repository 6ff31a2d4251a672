"""校对 in a real editor: one press puts a word right, the next takes it back."""

import re
from contextlib import suppress

from playwright.sync_api import TimeoutError

from tests.e2e.conftest import sign_in
from tests.e2e.reviews import a_draft


def test_a_word_is_put_right_in_the_open_form_and_back(browser, product):
    context = browser.new_context(base_url=product, locale="zh-CN")
    page = context.new_page()
    sign_in(page, "editor", then="/cms/")
    page.goto("/cms/")
    page.goto(a_draft(page), wait_until="networkidle")
    text = page.locator('[data-contentpath="body"] [contenteditable=true]').first
    text.click()
    page.keyboard.press("Home")
    page.keyboard.type("大家迫不急待，", delay=5)
    fix = page.locator('li:has(mark:text("迫不急待")) [data-proof-fix]').first
    go_on_typing(page, fix)
    fix.click()
    assert "迫不及待" in text.inner_text()
    assert "迫不急待" not in text.inner_text()
    fix.click()
    assert "迫不急待" in text.inner_text()
    page.locator("#w-autosave-indicator").get_by_text(re.compile(r"已保存 \d\d:\d\d")).wait_for()
    context.close()


def go_on_typing(page, found):
    """What is typed before Wagtail's script knows the form as it was is no change to it."""
    for sign in "甲乙丙丁戊己庚辛":
        page.keyboard.type(sign)
        with suppress(TimeoutError):
            found.wait_for(timeout=6_000)
            return
    found.wait_for(timeout=6_000)
