"""Every page on a phone and at a desk: nothing overflows, targets are large, axe is content."""

import pytest

from tests.e2e.conftest import sign_in
from tests.e2e.pages import a_lesson, bad_findings, pages_of


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(browser, product, scheme):
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, base_url=product, color_scheme=scheme
    )
    page = context.new_page()
    wrong = {}
    for who, path in list(pages_of(page)):
        context.clear_cookies()
        if who:
            sign_in(page, who)
        page.goto(path)
        if findings := bad_findings(page):
            wrong[path] = findings
    context.close()
    assert wrong == {}


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_is_wider_than_the_screen(browser, product, width):
    context = browser.new_context(viewport={"width": width, "height": 740}, base_url=product)
    page = context.new_page()
    wide = []
    for who, path in list(pages_of(page)):
        context.clear_cookies()
        if who:
            sign_in(page, who)
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(path)
    context.close()
    assert wide == []


def test_the_largest_text_does_not_break_a_lesson(phone):
    phone.goto(a_lesson(phone))
    phone.evaluate("document.documentElement.dataset.size = '30'")
    assert phone.evaluate("getComputedStyle(document.querySelector('.part p')).fontSize") == "30px"
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
