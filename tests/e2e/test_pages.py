"""Every page on a phone and at a desk: nothing overflows, targets are large, axe is content."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import sign_in

PUBLIC = [
    "/",
    "/courses/",
    "/courses/changzheng/",
    "/sites/",
    "/sites/paotaishan/",
    "/login/",
    "/offline/",
    "/receipts/",
    "/search/",
    "/search/?q=zyhy",
    "/search/?q=长城",
]
SERIOUS = ("serious", "critical")


def a_lesson(page):
    card = page.request.get("/api/v1/lessons?course=changzheng").json()["items"][0]
    return "/" + card["url"].split("/", 3)[3]


def lesson_id(page):
    return page.request.get("/api/v1/lessons?course=changzheng").json()["items"][0]["id"]


def pages_of(page):
    """(who, path) of every page there is."""
    yield from ((None, path) for path in PUBLIC)
    yield None, a_lesson(page)
    yield None, "/nothing-here/"
    yield "member02", "/me/"
    yield "member02", "/me/receipts/"
    yield "member02", f"/c/{lesson_id(page)}/?v=1"
    yield "leader1", "/lead/"
    yield "leader1", "/lead/receipts/"
    sign_in(page, "leader1")
    group = page.request.get("/api/v1/groups").json()["items"][0]["id"]
    yield "leader1", f"/lead/groups/{group}/"
    yield "orgadmin", "/lead/"
    yield "editor", "/sandbox/"


def bad_findings(page):
    found = Axe().run(page).response["violations"]
    return [
        (item["id"], [node["target"] for node in item["nodes"]][:3])
        for item in found
        if item["impact"] in SERIOUS
    ]


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
