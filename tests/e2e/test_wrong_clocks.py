"""No moment that a clock once named is trusted: every wait has an end, whatever was set since."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.phones import rows_on, wait_until
from tests.e2e.stage import LESSON_PATH, ORIGIN, a_stage

ACCOUNT = "0198c0de-0000-7000-8000-00000000abcd"
MINUTE = 60_000
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE
AHEAD = "const now = Date.now; Date.now = () => now() + 365 * 86400000;"
NO_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined });"
NOTE = """async ([id, name, ahead]) => {
  const { openQueue } = await import("/static/web/queue.js");
  const queue = await openQueue({ account_id: id, epoch: 1, signedIn: false });
  const until = Date.now() + ahead;
  const values = {
    trouble: { times: 1, until, answered: true },
    lease: until,
    ticket: { text: "old", device: await queue.device(), mark: "m", until },
  };
  await queue.setMeta(name, values[name]);
}"""
COUNT_TIMERS = """
const set = setTimeout;
window.timers = 0;
window.setTimeout = (...how) => { timers += 1; return set(...how); };
0"""
OLD_ROWS = """async (id) => {
  const { openQueue } = await import("/static/web/queue.js");
  const queue = await openQueue({ account_id: id, epoch: 1, signedIn: false });
  const row = await queue.add("mark", null, null, {});
  const at = Date.now();
  await queue.put([
    { ...row, state: "refused", sentAt: at, why: "w" },
    { ...row, id: "sent", state: "sent", sentAt: at },
    { ...row, id: "old", state: "sent", sentAt: at - 8 * 86400000 },
    { ...row, id: "of a day to come", state: "sent", sentAt: at + 365 * 86400000 },
  ]);
}"""


@pytest.fixture
def stage(browser):
    with a_stage(browser, ACCOUNT) as stage:
        yield stage


def finish(page):
    page.click("button[value=finish]")
    page.wait_for_selector("#finish-note >> text=/上传|已存上/")


def is_sent(stage):
    return lambda: "lesson_finished" in stage.kinds(ACCOUNT)


@pytest.mark.parametrize("said", ["2592000", "1e999", "-5", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_a_server_may_ask_for_an_hour_at_most_and_nothing_spins(stage, said):
    stage.refusal = (503, {"Retry-After": said})
    page = stage.open()
    page.clock.install()
    finish(page)
    tried = stage.uploads
    page.evaluate(COUNT_TIMERS)
    page.clock.run_for(10_000)
    assert stage.uploads <= tried + 5
    assert page.evaluate("timers") <= 20
    stage.refusal = None
    page.clock.run_for(HOUR)
    wait_until(page, is_sent(stage), 20)


@pytest.mark.parametrize("name", ["trouble", "lease"])
def test_a_wait_noted_by_a_clock_that_was_set_back_is_over(stage, name):
    stage.context.add_init_script(NO_LOCKS)
    stage.refusal = (503, {})
    page = stage.open()
    finish(page)
    page.goto(ORIGIN + "/blank/")
    page.evaluate(NOTE, [ACCOUNT, "trouble", 0])
    page.evaluate(NOTE, [ACCOUNT, name, 365 * DAY])
    stage.refusal = None
    page.goto(ORIGIN + "/")
    wait_until(page, is_sent(stage), 8)


def test_a_wait_that_was_noted_a_moment_ago_is_kept(stage):
    page = stage.open("/blank/")
    page.evaluate(NOTE, [ACCOUNT, "trouble", MINUTE])
    before = stage.uploads
    page = stage.open()
    page.locator("[data-end]").first.scroll_into_view_if_needed()
    page.wait_for_selector("#sync >> text=联网后自动上传")
    assert stage.uploads == before


def test_a_ticket_that_seems_good_for_years_is_asked_for_anew(stage):
    """The phone fell back to 1980 since."""
    page = stage.open("/blank/")
    page.evaluate(NOTE, [ACCOUNT, "ticket", 46 * 365 * DAY])
    page = stage.open()
    wait_until(page, lambda: stage.tickets, 8)


def test_a_clock_that_runs_ahead_asks_for_one_ticket(stage):
    """Once the server has been heard, its time counts."""
    stage.context.add_init_script(AHEAD)
    page = stage.open()
    finish(page)
    wait_until(page, is_sent(stage), 20)
    before = len(stage.tickets)
    for _ in range(2):
        page.reload()
        page.wait_for_selector("#lesson-state .state")
        page.evaluate("new Promise((resolve) => setTimeout(resolve, 300))")
    assert len(stage.tickets) == before


def test_what_is_kept_for_some_days_is_thrown_away_by_the_servers_time_alone(stage):
    page = stage.open("/blank/")
    page.evaluate(OLD_ROWS, ACCOUNT)
    stage.context.add_init_script(AHEAD)
    page = stage.open()
    assert len(rows_on(page)) == 4
    finish(page)
    wait_until(page, lambda: "old" not in {row["id"] for row in rows_on(page)}, 20)
    rows = {row["id"]: row for row in rows_on(page)}
    assert {"sent", "of a day to come"} <= set(rows)
    assert "refused" in {row["state"] for row in rows.values()}
    assert abs(rows["of a day to come"]["sentAt"] / 1000 - time.time()) < 86_400


def test_a_shared_phone_locks_though_its_clock_was_set_back(stage):
    cookie = {"name": "shared", "value": "A", "url": ORIGIN}
    stage.context.add_cookies([cookie])
    page = stage.context.new_page()
    page.clock.install()
    page.goto(ORIGIN + "/blank/")
    page.clock.run_for(MINUTE)
    page.clock.set_system_time(datetime.now(UTC) - timedelta(minutes=20))
    page.clock.run_for(31 * MINUTE)
    page.wait_for_url("**/login/?locked=1*", wait_until="commit")


def test_a_server_that_never_answers_is_waited_for_no_longer_than_any_other(stage):
    """The account is known from the last time: study goes on with that."""
    stage.open()
    stage.silent = True
    page = stage.context.new_page()
    page.clock.install()
    page.goto(ORIGIN + LESSON_PATH)
    wait_until(page, lambda: stage.unanswered, 8)
    page.clock.fast_forward(21_000)
    page.wait_for_selector("#lesson-state .state", timeout=8000)
    page.click("button[value=finish]")
    page.wait_for_selector("#finish-note >> text=已保存在本机")
