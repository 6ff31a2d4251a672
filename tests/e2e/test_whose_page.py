"""Two people, one phone: a page belongs to who opened it, and stores nothing for anybody else."""

import httpx
import pytest

from tests.e2e.browser import launch_options
from tests.e2e.conftest import sign_in
from tests.e2e.phones import wait_until
from tests.e2e.stage import LESSON, LESSON_PATH, ORIGIN, SECTIONS, a_stage

AIGUL, BATU = "0198c0de-0000-7000-8000-00000000aaaa", "0198c0de-0000-7000-8000-00000000bbbb"
RETURNED = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
SEEN_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
FOCUSED = "dispatchEvent(new Event('focus'))"


@pytest.fixture
def stage(browser):
    with a_stage(browser, AIGUL) as stage:
        half = {"lesson_id": LESSON, "status": "in_progress", "percent": 50}
        stage.progress[AIGUL] = [half | {"sections_read": SECTIONS[:1], "quiz": None}]
        yield stage


@pytest.fixture
def page(stage):
    page = stage.open()
    page.wait_for_selector("#lesson-state >> text=读了 50%")
    return page


@pytest.mark.parametrize("come_back", [RETURNED, SEEN_AGAIN, FOCUSED])
def test_a_page_that_is_seen_again_by_somebody_else_opens_anew_for_them(stage, page, come_back):
    stage.sign_in(BATU)
    page.evaluate(come_back)
    page.wait_for_selector("#lesson-state >> text=还没学")


def test_not_for_a_moment_does_somebody_else_see_it(stage, page):
    stage.sign_in(BATU)
    stage.down = True
    page.evaluate("navigator.__proto__.__defineGetter__('onLine', () => false)")
    seen = "document.body.hidden ? '' : document.body.innerText"
    drawn = f"new Promise(requestAnimationFrame).then(() => {seen})"
    assert "50%" not in page.evaluate(f"{RETURNED}; {drawn}")
    page.wait_for_selector("text=换了人登录")
    assert "50%" not in page.content()
    stage.down = False
    page.click("text=重新打开这一页")
    page.wait_for_selector("#lesson-state >> text=还没学")


def test_after_signing_out_nobody_sees_it(stage, page):
    stage.sign_out()
    page.evaluate(RETURNED)
    page.wait_for_selector("#lesson-state .state", state="detached")
    page.wait_for_selector("button[value=finish]")


def test_what_somebody_else_does_on_it_is_stored_for_neither_and_told(stage, page):
    """Side by side, no page ever becomes visible: the write itself asks."""
    page.evaluate("addEventListener('focus', (event) => event.stopImmediatePropagation(), true); 0")
    stage.sign_in(BATU)
    page.evaluate("document.querySelector('button[value=finish]').click()")
    page.wait_for_selector("text=没有记下")
    page.wait_for_selector("text=换了人登录")
    page.click("text=重新打开这一页")
    page.wait_for_selector("#lesson-state >> text=还没学")
    page.click("button[value=finish]")
    wait_until(page, lambda: "lesson_finished" in stage.kinds(BATU), 20)
    assert "lesson_finished" not in stage.kinds(AIGUL)


def test_what_the_first_had_not_sent_still_arrives_as_hers(stage, page):
    stage.refusal = (503, {})
    page.click("button[value=finish]")
    page.wait_for_selector("#finish-note >> text=已保存在本机")
    stage.sign_in(BATU)
    stage.refusal = None
    page.evaluate(RETURNED)
    page.wait_for_selector("#lesson-state >> text=还没学")
    wait_until(page, lambda: "lesson_finished" in stage.kinds(AIGUL), 40)
    assert "lesson_finished" not in stage.kinds(BATU)


def test_who_signed_in_again_goes_on_where_they_were(stage, page):
    stage.sign_in(AIGUL)
    page.evaluate("document.querySelector('h1').textContent = 'the same page'")
    page.evaluate(RETURNED)
    page.click("button[value=finish]")
    wait_until(page, lambda: "lesson_finished" in stage.kinds(AIGUL), 20)
    assert page.inner_text("h1") == "the same page"


def test_a_ticket_is_asked_for_only_for_who_reads(stage, page):
    """A second page of hers is still open when somebody else has signed in."""
    wait_until(page, lambda: stage.tickets, 20)
    stage.sign_in(BATU)
    tickets = page.evaluate(
        """async (id) => {
          const { openQueue } = await import("/static/web/queue.js");
          const account = { account_id: id, epoch: 1, signedIn: true, token: "old", mark: "n" };
          const queue = await openQueue(account);
          await queue.keepTicket();
          await queue.setCopy("me/progress", ["of somebody else"]);
          return [(await queue.meta("ticket")).text, await queue.copy("me/progress")];
        }""",
        AIGUL,
    )
    assert tickets[0] == AIGUL
    assert "of somebody else" not in tickets[1]


def test_a_page_that_nobody_had_opened_stays_as_it_is(stage):
    stage.sign_out()
    page = stage.context.new_page()
    page.goto(ORIGIN + LESSON_PATH)
    page.evaluate("document.querySelector('h1').textContent = 'the same page'")
    page.evaluate(RETURNED)
    page.evaluate("new Promise((resolve) => setTimeout(resolve))")
    assert page.inner_text("h1") == "the same page"


NOTED_AT_ONCE = """async (accounts) => {
  const { openQueue } = await import("/static/web/queue.js");
  const open = (id) => openQueue({ account_id: id, epoch: 1, signedIn: true, mark: "m" });
  const queues = await Promise.all(accounts.map(open));
  await Promise.all(queues.map((queue) => queue.keepTicket()));
  const { phone } = await import("/static/web/base.js");
  return phone("accounts");
}"""


def test_two_people_who_come_at_once_are_both_remembered(stage):
    """Whoever is forgotten here leaves records that nobody sends."""
    page = stage.open("/blank/")
    assert sorted(page.evaluate(NOTED_AT_ONCE, [AIGUL, BATU])) == [AIGUL, BATU]


KEEPS_PAGES = {"ignore_default_args": ["--disable-back-forward-cache"]}


def test_going_back_to_the_page_of_who_signed_out_shows_nothing_of_them(playwright, product):
    """As phones do it: the browser itself keeps the page, and brings it back as it stood."""
    cards = httpx.get(f"{product}/api/v1/lessons?course=kaitian").json()["items"]
    browser = playwright.chromium.launch(**launch_options(), **KEEPS_PAGES)
    page = browser.new_context(base_url=product).new_page()
    sign_in(page, "member31", "/courses/")
    page.goto(cards[-1]["url"])
    page.click("button[value=finish]")
    page.wait_for_selector("#finish-note >> text=已存上")
    page.goto("/logout/")
    page.click("main form button[type=submit]")
    page.wait_for_url(f"{product}/")
    sign_in(page, "member32")
    page.evaluate("history.go(-4)")
    page.wait_for_url(cards[-1]["url"], wait_until="commit")
    page.wait_for_selector("#finish-note:empty", state="attached")
    page.wait_for_selector("#lesson-state .state")
    browser.close()
