"""What a reader sees of a lesson before moving a finger, and what stays in reach while reading."""

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import PHONE, sign_in
from tests.e2e.pages import PICTURES, a_lesson, bad_findings, choose, small_targets, too_wide
from tests.e2e.phones import PACKS, wait_until

pytestmark = pytest.mark.once  # it asks the phone, whatever database answers

VOICES = json.dumps([{"name": "国语", "lang": "zh-CN", "localService": True}])
VOICE = (Path(__file__).parent / "voice.js").read_text("utf-8").replace("VOICES", VOICES)
FIRST_MOST = 520  # pixels down to the first sentence
# Where the first line of text begins and ends, and where the bar over it begins.
FIRST_LINE = """() => {
  const text = document.querySelector('.part .text-body p').firstChild;
  const range = document.createRange();
  range.selectNodeContents(text);
  const line = range.getClientRects()[0];
  return [line.top, line.bottom, document.querySelector('.places').getBoundingClientRect().top];
}"""
SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (!entry.hadRecentInput) shifts.push([entry.value,
    ...entry.sources.map((one) => one.node && one.node.nodeName + '.' + one.node.className)]);
})).observe({ type: 'layout-shift', buffered: true });"""
# How wide a name is with the pinyin above it and without, and where the pinyin stands.
NAMES = """() => [...document.querySelectorAll('.part ruby')].map((ruby) => {
  const range = document.createRange();
  range.selectNode(ruby.firstChild);
  const torn = range.getBoundingClientRect().width;
  const plain = document.createElement('span');
  plain.style.whiteSpace = 'nowrap';
  plain.textContent = ruby.firstChild.textContent;
  ruby.parentNode.append(plain);
  const whole = plain.getBoundingClientRect().width;
  plain.remove();
  const pinyin = ruby.querySelector('rt').getBoundingClientRect();
  const name = ruby.getBoundingClientRect();
  return { name: plain.textContent, torn, whole, above: range.getBoundingClientRect().top
    - pinyin.bottom, left: pinyin.left, right: innerWidth - pinyin.right, high: pinyin.height,
    middle: Math.abs(pinyin.left + pinyin.right - name.left - name.right) / 2 };
})"""


@pytest.fixture
def reader(browser, product):
    """Opens a page of somebody with a chosen look, on a phone that has a Chinese voice."""
    contexts = []

    def open_page(look="", **options):
        context = browser.new_context(
            viewport=PHONE,
            base_url=product,
            locale="zh-CN",
            is_mobile=True,
            has_touch=True,
            **options,
        )
        contexts.append(context)
        choose(context, product, look)
        context.add_init_script(VOICE)
        context.add_init_script(SHIFTS)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def lessons(page):
    items = page.request.get("/api/v1/lessons?limit=100").json()["items"]
    return ["/" + item["url"].split("/", 3)[3] for item in items]


@pytest.mark.parametrize("script", [True, False])
def test_the_first_sentence_stands_on_the_first_screen_of_every_lesson(reader, script):
    page = reader(java_script_enabled=script)
    for path in lessons(page):
        page.goto(path)
        if script:
            page.wait_for_selector(".part [data-read]")
        top, bottom, bar = first_line(page)
        assert top <= FIRST_MOST, path
        assert bottom < bar, path


@pytest.mark.parametrize("script", [True, False])
def test_in_elder_view_it_stands_above_the_bar(reader, script):
    page = reader("elder.1", java_script_enabled=script)
    for path in lessons(page):
        page.goto(path)
        if script:
            page.wait_for_selector(".part [data-read]")
        _, bottom, bar = first_line(page)
        assert bottom < bar, path


def first_line(page):
    return page.evaluate(FIRST_LINE)


@pytest.mark.parametrize("look", ["", "elder.1"])
def test_nothing_jumps_while_a_page_comes(reader, look):
    page = reader(look)
    for path in (PICTURES, a_lesson(page), "/", "/courses/", "/courses/kaitian/"):
        page.goto(path, wait_until="networkidle")
        assert page.evaluate("shifts") == [], path


def test_what_is_folded_and_what_one_taps_is_large_and_clear(reader):
    for look, least in (("", 48), ("elder.1_theme.dark", 60)):
        page = reader(look)
        page.goto(PICTURES)
        page.click(".toc summary")
        page.click("#type-size")
        page.wait_for_selector("#sizes")
        assert small_targets(page, least) == []
        assert bad_findings(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        page.evaluate("document.documentElement.style.fontSize = '45px'")
        assert not too_wide(page)


# 字号


def test_the_text_size_is_in_reach_wherever_one_reads(reader):
    page = reader()
    page.goto(a_lesson(page))
    page.locator(".part").nth(2).scroll_into_view_if_needed()
    page.click("#type-size")
    page.click("#sizes >> text=特大")
    page.wait_for_selector('html[data-size="30"]')
    page.keyboard.press("Escape")
    page.wait_for_selector("#sizes", state="hidden")
    assert page.evaluate("document.activeElement.id") == "type-size"


def test_without_a_script_the_text_size_leads_to_the_settings(reader):
    page = reader(java_script_enabled=False)
    page.goto(a_lesson(page))
    page.click("#type-size")
    page.wait_for_url("**/settings/")


def test_on_a_desk_it_stays_in_the_corner(desk):
    desk.goto(PICTURES)
    desk.mouse.wheel(0, 2000)
    desk.click("#type-size")
    desk.click("#sizes >> text=大")
    desk.wait_for_selector('html[data-size="26"]')


# 继续读


def stop_in_third_section(page):
    """Reads down to the second paragraph there; its text."""
    there = page.locator(".part").nth(2).locator(".text-body p").nth(1)
    there.evaluate("e => e.scrollIntoView({ block: 'start', behavior: 'instant' })")
    noted = "Object.keys(localStorage).some((k) => k.startsWith('studyhub:stop:'))"
    wait_until(page, lambda: page.evaluate(noted), seconds=10)
    return there.inner_text()


TOP = "e => e.getBoundingClientRect().top"


def test_one_goes_on_where_one_stopped_also_without_a_network(reader):
    page = reader()
    sign_in(page, "member31")
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.goto(a_lesson(page))
    page.wait_for_selector("#lesson-state .state")
    words = stop_in_third_section(page)
    wait_until(page, lambda: len(page.evaluate(PACKS)) >= 1, seconds=30)
    page.context.set_offline(True)
    page.goto(a_lesson_path(page))
    page.click("#resume")
    place = page.locator(".part").nth(2).locator(".text-body p", has_text=words).first
    wait_until(page, lambda: abs(place.evaluate(TOP)) < 60, seconds=10)
    assert not [body for body in sent if "stop" in body]


def a_lesson_path(page):
    return page.evaluate("location.pathname")


def test_where_one_stopped_is_nothing_to_the_next_reader(reader):
    page = reader()
    path = a_lesson(page)
    sign_in(page, "member32")
    page.goto(path)
    page.wait_for_selector("#lesson-state .state")
    stop_in_third_section(page)
    page.context.clear_cookies()
    sign_in(page, "member33")
    page.goto(path)
    page.wait_for_selector("#lesson-state .state")
    page.wait_for_load_state("networkidle")
    assert not page.locator("#resume").is_visible()


def test_behind_the_end_there_is_nowhere_to_go_on(reader):
    page = reader()
    sign_in(page, "member34")
    page.goto(a_lesson(page))
    page.wait_for_selector("#lesson-state .state")
    stop_in_third_section(page)
    page.evaluate("window.scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })")
    left = "Object.keys(localStorage).filter((k) => k.startsWith('studyhub:stop:')).length"
    wait_until(page, lambda: page.evaluate(left) == 0, seconds=10)


# Names with pinyin


@pytest.mark.parametrize("look", ["", "size.30", "elder.1"])
def test_a_name_is_as_wide_with_pinyin_as_without(reader, look):
    page = reader(look)
    names = []
    for path in lessons(page):
        page.goto(path)
        names += page.evaluate(NAMES)
    assert len(names) > 5
    for one in names:
        assert one["torn"] == pytest.approx(one["whole"], abs=0.5), one
        assert -one["high"] / 3 <= one["above"] <= one["high"], one  # over the name, near it
        assert one["middle"] < 1, one
        assert one["left"] >= 0, one
        assert one["right"] >= 0, one


# Covers


def covers(page):
    return page.locator(".cover img").evaluate_all(
        "all => all.map((e) => [e.currentSrc || e.src, e.loading, e.width, e.height])"
    )


def test_covers_are_small_and_come_late(reader):
    page = reader()
    for path in ("/courses/", "/courses/kaitian/", PICTURES):
        page.goto(path)
        found = covers(page)
        assert found, path
        assert {tuple(one[1:]) for one in found} == {("lazy", 96, 54)}
        for answer in [page.request.get(one[0]) for one in found]:
            assert answer.headers["content-type"] == "image/webp"
            assert len(answer.body()) <= 8_000


@pytest.mark.parametrize(("look", "script"), [("saver.1", True), ("", False), ("saver.1", False)])
def test_nobody_fetches_a_cover_who_saves_data_or_could_not_say_so(reader, look, script):
    page = reader(look, java_script_enabled=script)
    fetched = []
    page.on("request", lambda request: fetched.append(request.url))
    for path in ("/", "/courses/", "/courses/kaitian/", PICTURES):
        page.goto(path, wait_until="networkidle")
    assert not [url for url in fetched if "fill-192x108" in url]
