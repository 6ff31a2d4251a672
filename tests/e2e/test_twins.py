"""蒙文 from the translator's desk to a narrow phone, and off it again."""

import re

import pytest

from tests.content.twins.way import WORD
from tests.e2e.conftest import press, sign_in
from tests.e2e.pages import bad_findings, small_targets, too_wide
from tests.e2e.phones import new_phone, own_phones, wait_until

TITLE = "小岗村"
TEXT = f"{WORD} 12 {WORD}\u202f\u1824\u1828 1935 " * 40
VERTICAL = """e => [getComputedStyle(e).writingMode, e.scrollWidth > e.clientWidth,
  e.scrollHeight <= e.clientHeight, e.clientHeight / innerHeight]"""


def at(browser, product, who):
    context = browser.new_context(base_url=product, locale="zh-CN")
    page = context.new_page()
    sign_in(page, who, then="/cms/")
    page.goto("/cms/twins/")
    press(page, f"td.title a:has-text('{TITLE}')")
    return page


def row(page):
    return page.locator(".twin-row").nth(1)


def pressed(page, act):
    with page.expect_navigation():
        row(page).locator(f"button[value={act}]").click()


@pytest.fixture
def path(browser, product):
    """Of a lesson with one block in Mongolian, which is taken off again."""
    writer = at(browser, product, "translator1")
    row(writer).locator("[name=heading]").fill(WORD)
    row(writer).locator("[name=text]").fill(TEXT)
    assert row(writer).locator("[name=text]").evaluate(VERTICAL)[:2] == ["vertical-lr", True]
    pressed(writer, "save")
    for who in ("translator2", "translator3"):
        pressed(at(browser, product, who), "sign")
    lesson = writer.get_attribute("a:has-text('看课文页')", "href")
    yield re.sub("^https?://[^/]+|#.*$", "", lesson)
    writer.goto(writer.url.partition("#")[0])
    pressed(writer, "withdraw")
    for context in browser.contexts:
        context.close()


def phone(browser, product, **options):
    context = browser.new_context(
        base_url=product, viewport={"width": 320, "height": 640}, locale="zh-CN", **options
    )
    page = context.new_page()
    fonts = []
    page.on("request", lambda one: fonts.append(one.url) if one.resource_type == "font" else None)
    return page, fonts


def read(page, path):
    """By the link; the block that stands there then."""
    page.goto(path, wait_until="networkidle")
    assert page.locator(".mn:visible").count() == 0
    page.click(".facts a[href='#mongolian']")
    block = page.locator(".mn")
    block.wait_for()
    page.wait_for_load_state("networkidle")
    return block


def test_one_reads_it_on_a_narrow_phone_with_and_without_scripts(browser, product, path):
    for scripts in (True, False):
        page, fonts = phone(browser, product, java_script_enabled=scripts, service_workers="block")
        page.goto("/courses/", wait_until="networkidle")
        page.goto(path, wait_until="networkidle")
        assert fonts == []  # neither elsewhere, nor before it is wanted
        block = read(page, path)
        assert [re.search(r"/content/mongolian", one) is not None for one in fonts] == [True]
        mode, scrolls, fits, share = block.evaluate(VERTICAL)
        assert (mode, scrolls, fits) == ("vertical-lr", True, True)
        assert 0.6 <= share <= 0.7
        page.click("text=只看汉文")
        assert page.locator(".mn:visible").count() == 0
    page.context.close()


@pytest.mark.parametrize("look", ["", "_theme.dark", "_size.30", "_theme.dark_elder.1"])
def test_the_choice_is_kept_and_the_page_never_scrolls_sideways(browser, product, path, look):
    page, fonts = phone(browser, product)
    page.context.add_cookies([{"name": "look", "value": f"mongolian.1{look}", "url": product}])
    page.goto(path, wait_until="networkidle")
    block = page.locator(".mn")
    assert block.is_visible()
    assert block.evaluate(VERTICAL)[:3] == ["vertical-lr", True, True]
    assert not too_wide(page)
    assert bad_findings(page) == []
    assert small_targets(page, 48, ".lesson-page > header, #mongolian") == []
    assert len(fonts) == 1


def test_what_was_chosen_holds_on_the_next_page(browser, product, path):
    page, _ = phone(browser, product)
    read(page, path)
    page.goto("/courses/", wait_until="networkidle")
    page.goto(path, wait_until="networkidle")
    assert page.locator(".mn").is_visible()
    page.click("text=只看汉文")
    page.goto(path, wait_until="networkidle")
    assert not page.locator(".mn").is_visible()


UNJOINED = """CanvasRenderingContext2D.prototype.measureText =
  (text) => ({ width: 10 * text.length })"""
SHOWN = """e => [...e.children].map((one) => [one.tagName, one.complete && one.naturalWidth > 0,
  Math.abs(one.clientHeight - e.clientHeight) < 60, one.alt.length > 400])"""


def drawn(page):
    """Of the block that stands there: what is in it, once its pictures have come."""
    wait_until(page, lambda: page.locator(".mn img").count(), 10)
    block = page.locator(".mn")
    wait_until(page, lambda: block.evaluate(SHOWN)[0][1], 10)
    return block.evaluate(SHOWN)


def picture_of(page):
    return page.get_attribute("[data-drawn]", "data-drawn").strip()


@pytest.mark.parametrize("look", ["", "_theme.dark", "_theme.dark_elder.1"])
def test_a_phone_that_joins_no_letters_is_shown_a_picture(browser, product, path, look):
    page, _ = phone(browser, product, service_workers="block")
    page.add_init_script(UNJOINED)
    page.context.add_cookies([{"name": "look", "value": f"mongolian.1{look}", "url": product}])

    def is_drawn():
        page.goto(path, wait_until="networkidle")
        return page.locator("[data-drawn]").count()

    wait_until(page, is_drawn, 60)  # by the worker, after the last signature
    assert drawn(page) == [["IMG", True, True, True]]
    assert page.locator(".mn img").evaluate("e => getComputedStyle(e).filter") == (
        "invert(1)" if look else "none"
    )
    assert not too_wide(page)
    assert bad_findings(page) == []


def test_where_the_picture_does_not_come_the_words_stay(browser, product, path):
    page, _ = phone(browser, product, service_workers="block")
    page.add_init_script(UNJOINED)
    page.route("**/media/drawn/**", lambda one: one.abort())
    block = read(page, path)
    wait_until(page, lambda: block.locator("img").count() == 0, 10)
    assert WORD in block.inner_text()


FONTS = "document.fonts.ready.then(() => [...document.fonts].map((one) => one.status))"


def roles_of(page, key):
    told = page.request.get(f"/api/v1/offline/manifest?ids={key}").json()["lessons"]
    return [asset["role"] for lesson in told for asset in lesson["assets"]]


def test_a_kept_lesson_is_read_in_it_without_a_network(browser, product, network, path):
    with own_phones() as phones:
        phones.append(new_phone(browser, network, "member58"))
        phone = phones[0]
        phone.sign_in()
        page = phone.page
        [key] = [
            one["id"]
            for one in page.request.get("/api/v1/lessons?q=小岗村").json()["items"]
            if one["url"].endswith(path)
        ]
        wait_until(page, lambda: "font" in roles_of(page, key), 60)
        phone.open(path)
        phone.read_all()
        wait_until(page, lambda: any(one["lesson"] == key for one in phone.packs()), 60)
        wait_until(page, phone._has_worker, 30)
        network.mode = "down"
        page.close()
        phone.page = page = phone.context.new_page()
        fonts = []
        page.on("response", lambda one: fonts.append(one) if "woff2" in one.url else None)
        page.goto(path)
        page.click(".facts a[href='#mongolian']")
        page.locator(".mn").wait_for()
        assert page.evaluate(FONTS) == ["loaded"]
        # From the parts of the lesson, and not from what the browser happens to remember.
        assert ["cache-control" in one.headers for one in fonts] == [False]
        page.close()
        phone.page = page = phone.context.new_page()
        page.add_init_script(UNJOINED)
        page.goto(path)
        assert drawn(page) == [["IMG", True, True, True]]
