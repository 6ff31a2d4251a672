"""Reading settings in a real browser: at once, without a flash, without a script, on every page."""

import pytest

from tests.e2e.conftest import sign_in
from tests.e2e.pages import PICTURES, a_lesson, bad_findings, choose, small_targets, too_wide
from tests.e2e.phones import PACKS, wait_until

pytestmark = pytest.mark.once  # it asks the phone, whatever database answers

NEAR = """(place) => {
  const boxes = [...document.querySelector(place).querySelectorAll('a, button, label.option')]
    .filter(e => e.getClientRects().length && getComputedStyle(e).display !== 'inline')
    .map(e => [e.textContent.trim().slice(0, 12), e.getBoundingClientRect()]);
  const found = [];
  boxes.forEach(([one, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
    const x = Math.max(a.left, b.left) - Math.min(a.right, b.right);
    const y = Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom);
    if (Math.max(x, y) < 7.5) found.push(one + ' / ' + other + ' ' + Math.max(x, y));
  }));
  return found;
}"""
SIZE = "getComputedStyle(document.documentElement).fontSize"


@pytest.fixture
def reader(browser, product):
    """Opens a page of somebody with a chosen look; further arguments go to the context."""
    contexts = []

    def open_page(look="", width=360, **options):
        viewport = {"width": width, "height": 740}
        context = browser.new_context(
            viewport=viewport, base_url=product, locale="zh-CN", **options
        )
        contexts.append(context)
        choose(context, product, look)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("look", "least"), [("", 48), ("elder.1_theme.dark", 60)])
def test_what_a_phone_itself_writes_onto_a_page_is_large_clear_and_whole(reader, look, least):
    """Kept lessons, records not sent yet, a receipt over them."""
    page = reader(look)
    sign_in(page, "member02")
    page.route("**/me/records", lambda route: route.abort())
    page.goto(a_lesson(page))
    page.wait_for_selector("#lesson-state .state")
    page.click("button[value=finish]")
    page.wait_for_selector("#finish-note >> text=已保存在本机")
    wait_until(page, lambda: len(page.evaluate(PACKS)) >= 3, seconds=30)
    page.goto("/offline/")
    page.wait_for_selector("#kept a")
    page.click("text=写成凭条交给组长")
    page.wait_for_selector(".receipt .groups li")
    page.wait_for_load_state("networkidle")
    assert small_targets(page, least) == []
    assert bad_findings(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    for size in ("30px", "36px", "45px"):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        assert not too_wide(page), size


def test_an_inline_script_that_is_not_ours_does_not_run(reader):
    page = reader()
    page.goto("/courses/")
    page.evaluate(
        """() => { const s = document.createElement('script');
        s.textContent = 'window.intruder = 1'; document.head.append(s); }"""
    )
    assert page.evaluate("window.intruder") is None


def test_nothing_flashes(reader):
    """What was chosen holds before the style sheet has arrived."""
    page = reader("size.26_theme.dark_elder.1")
    page.add_init_script(
        """window.early = [];
        new MutationObserver(() => {
          const root = document.documentElement;
          if (document.querySelector('link[rel=stylesheet]'))
            window.early.push(root.dataset.size + root.dataset.theme + root.dataset.elder);
        }).observe(document, { childList: true, subtree: true });"""
    )
    page.goto("/courses/")
    assert set(page.evaluate("window.early")) == {"26dark1"}


def test_the_switch_at_the_top_works_at_once_and_is_remembered(reader):
    page = reader()
    page.goto("/")
    page.click("text=长辈版")
    assert page.evaluate(SIZE) == "22px"
    page.goto("/courses/")
    assert page.evaluate(SIZE) == "22px"
    page.focus(".eyes")
    page.keyboard.press("Space")
    assert page.evaluate(SIZE) == "18px"


def test_the_settings_page_changes_at_once_and_comes_back(reader):
    page = reader()
    page.goto(PICTURES)
    page.click("#type-size")
    page.click("text=更多设置")
    page.check("input[name=size][value='30']")
    assert page.evaluate(SIZE) == "30px"
    page.check("input[name=theme][value=dark]")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(27, 23, 20)"
    page.click("main button[type=submit]")
    page.wait_for_url(f"**{PICTURES}")
    assert page.evaluate(SIZE) == "30px"


def test_everything_can_be_chosen_without_a_script(reader):
    page = reader(java_script_enabled=False)
    page.goto(PICTURES)
    page.click(".eyes")
    for name, value in (("elder", "1"), ("size", "26"), ("theme", "dark"), ("saver", "1")):
        page.check(f"input[name={name}][value='{value}']")
    page.click("main button[type=submit]")
    assert page.url.endswith(PICTURES)
    [cookie] = [c for c in page.context.cookies() if c["name"] == "look"]
    assert cookie["value"] == "size.26_theme.dark_elder.1_saver.1"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "look", ["", "size.30_theme.light", "size.22_theme.dark", "elder.1_saver.1"]
)
def test_a_page_looks_the_same_with_and_without_a_script(reader, look, scheme):
    said = []
    for script in (True, False):
        page = reader(look, java_script_enabled=script, color_scheme=scheme)
        page.goto("/courses/")
        said.append(
            [
                page.locator(where).first.evaluate(
                    """e => { const s = getComputedStyle(e); return [s.fontSize, s.color,
                    s.backgroundColor, s.textDecorationLine, s.minHeight, s.display]; }"""
                )
                for where in ("html", "body", "h1", ".eyes", ".places a", ".foot a", ".path a")
            ]
        )
    assert said[0] == said[1]


def test_the_data_saver_fetches_no_picture_until_it_is_asked_for(reader):
    page = reader("saver.1")
    fetched = []
    page.on("request", lambda r: fetched.append(r.url) if r.resource_type == "image" else None)
    page.goto(PICTURES)
    for _ in range(12):
        page.mouse.wheel(0, 1500)
        page.wait_for_timeout(60)
    pictures = [url for url in fetched if "/media/" in url]
    assert pictures == []
    button = page.locator(".saved-picture").first
    assert "KB）" in button.inner_text()
    with page.expect_request("**/media/**"):
        button.click()
    complete = "document.querySelector('.picture.shown img')?.complete"
    wait_until(page, lambda: page.evaluate(complete), seconds=30)


def test_without_a_script_the_data_saver_leaves_a_link(reader):
    page = reader("saver.1", java_script_enabled=False)
    fetched = []
    page.on("request", lambda r: fetched.append(r.url) if "/media/" in r.url else None)
    page.goto(PICTURES)
    page.locator(".saved-picture").first.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    assert fetched == []
    page.locator(".saved-picture").first.click()
    page.wait_for_url("**/media/**")


def test_without_a_script_and_without_the_saver_the_picture_is_there(reader):
    page = reader(java_script_enabled=False)
    with page.expect_request("**/media/**"):
        page.goto(PICTURES)
    box = page.locator(".flat").first.bounding_box()
    assert box["width"] > 200
    assert box["height"] > 100


def test_elder_view_keeps_what_one_taps_apart(reader):
    """8 px at least between things to press on a lesson."""
    page = reader("elder.1")
    page.goto(a_lesson(page))
    page.click("#type-size")
    page.wait_for_selector("#sizes >> text=特大")
    for place in ("main", "#sizes"):
        assert page.evaluate(NEAR, place) == [], place
