"""Storage goes away while a lesson is open: nothing is lost, and nothing fails in silence."""

import json

import pytest

from tests.bench.servers import ROOT
from tests.e2e.phones import wait_until
from tests.e2e.stage import ORIGIN, a_stage

WORKER = ROOT / "studyhub/web/worker/sw.js"

ACCOUNT = "0198c0de-0000-7000-8000-00000000abcd"

# Every connection of the page, to be taken from it; those that a test opens itself are not counted.
CONNECTIONS = """
window.connections = [];
window.openAnyway = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...asked) {
  const request = openAnyway.apply(this, asked);
  request.addEventListener("success", () => connections.push(request.result));
  return request;
};"""
CLOSE = "connections.forEach((db) => db.close())"
DELETE = """Promise.all(connections.map(({ name }) => new Promise((resolve, reject) => {
  const request = indexedDB.deleteDatabase(name);
  request.onsuccess = resolve;
  request.onerror = reject;
})))"""
HOLD = """(async () => {
  for (const { name } of await indexedDB.databases()) {
    const request = indexedDB.open(name);
    await new Promise((resolve) => { request.onsuccess = resolve; });
    const stores = request.result.transaction([...request.result.objectStoreNames], "readwrite");
    const again = () => { stores.objectStore("meta").get("").onsuccess = again; };
    again();
  }
})()"""
GONE = "IDBFactory.prototype.open = () => { throw new Error('gone'); }; " + CLOSE
BACK = "IDBFactory.prototype.open = openAnyway; 0"
FULL = """
window.begin = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (stores, ...how) {
  const full = [].concat(stores).includes("records") && how[0] === "readwrite";
  if (full) throw new DOMException("", "QuotaExceededError");
  return begin.call(this, stores, ...how);
}; 0"""
KEEP_ONE = """(lesson) => new Promise((resolve) => {
  const request = indexedDB.open("studyhub", 1);
  request.onsuccess = () => {
    const tx = request.result.transaction("packs", "readwrite");
    tx.objectStore("packs").put({ lesson, path: "/x/", parts: [], offered: [], openedAt: 0 });
    tx.oncomplete = () => { request.result.close(); resolve(); };
  };
})"""
KEPT = """() => new Promise((resolve) => {
  const request = indexedDB.open("studyhub", 1);
  request.onsuccess = () => {
    const asked = request.result.transaction("packs").objectStore("packs").getAllKeys();
    asked.onsuccess = () => { request.result.close(); resolve(asked.result); };
  };
})"""
OPEN = """async (id) => {
  const { openQueue } = await import("/static/web/queue.js");
  window.queue = await openQueue({ account_id: id, epoch: 1, signedIn: false });
}"""
ROWS = """async (id) => {
  const { openRows } = await import("/static/web/rows.js");
  return (await openRows(id)).all();
}"""

ON_DISK = """(id) => new Promise((resolve) => {
  const request = openAnyway.call(indexedDB, "q_" + id);
  request.onsuccess = () => {
    const asked = request.result.transaction("records").objectStore("records").getAll();
    asked.onsuccess = () => {
      request.result.close();
      resolve(asked.result.map((row) => row.kind));
    };
  };
})"""


@pytest.fixture
def stage(browser):
    with a_stage(browser, ACCOUNT, CONNECTIONS) as stage:
        yield stage


@pytest.fixture
def page(stage):
    """The lesson, open and read by a member whose records cannot be sent."""
    stage.refusal = (503, {})
    page = stage.open()
    page.evaluate(KEEP_ONE, "0198c0de-0000-7000-8000-0000000000ff")
    broken = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    assert broken == []


def read(page):
    for end in page.locator("[data-end]").all():
        end.scroll_into_view_if_needed()
        page.wait_for_function("document.querySelectorAll('[data-toc] .state').length > 0")


def finish(page):
    page.click("button[value=finish]")
    page.wait_for_selector("#finish-note:has-text('上传')")
    return page.inner_text("#finish-note")


def clear(page):
    """As the browser's own "clear site data": the connections are closed from outside."""
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": ORIGIN, "storageTypes": "indexeddb"})


def close(page):
    page.evaluate(CLOSE)


def delete(page):
    page.evaluate(DELETE)


def on_disk(page):
    return page.evaluate(ON_DISK, ACCOUNT)


def kept_rows(stage):
    return stage.open("/blank/").evaluate(ROWS, ACCOUNT)


@pytest.mark.parametrize("lose", [close, delete, clear])
def test_what_is_done_after_the_storage_went_is_kept_on_the_disk(stage, page, lose):
    read(page)
    before = len(kept_rows(stage))
    lose(page)
    assert "已保存在本机" in finish(page)
    rows = kept_rows(stage)
    assert "lesson_finished" in [row["kind"] for row in rows]
    assert len(rows) == before + 1  # the earlier ones came back from the mirror


WIPE = """async () => {
  for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
  localStorage.clear();
}"""
COPIES = """async (id) => (await (await caches.open("records-" + id)).keys()).length"""


def test_a_browser_that_threw_its_database_away_has_every_record_again(stage, page):
    """The notes of localStorage may not have reached the disk either; the cache has."""
    read(page)
    finish(page)
    before = {row["id"] for row in kept_rows(stage)}
    for open_page in stage.context.pages[:]:
        open_page.close()
    stage.open("/blank/").evaluate(WIPE)
    stage.context.pages[0].close()
    assert kept_rows(stage) == []
    stage.open()
    assert before <= {row["id"] for row in kept_rows(stage)}


def test_what_the_server_has_taken_is_mirrored_no_longer(stage, page):
    read(page)
    finish(page)
    assert page.evaluate(COPIES, ACCOUNT) >= 2
    stage.refusal = None
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.click("button[value=finish]")
    wait_until(page, lambda: page.evaluate(COPIES, ACCOUNT) == 0, seconds=10)


def test_a_closed_connection_costs_no_kept_lesson(stage, page):
    page.evaluate(
        "connections.filter(({ name }) => name !== 'studyhub').forEach((db) => db.close())"
    )
    read(page)
    finish(page)
    assert len(page.evaluate(KEPT)) == 1


def test_a_full_storage_gives_a_kept_lesson_for_a_record(stage, page):
    page.evaluate(FULL)
    finish(page)
    assert page.evaluate(KEPT) == []


def test_a_storage_that_is_gone_for_good_is_told_and_the_record_waits_elsewhere(stage, page):
    page.evaluate(GONE)
    said = finish(page)
    assert "还没有存牢" in said
    assert "已保存在本机" not in said + page.inner_text("#sync")
    page.wait_for_selector("#sync >> text=请保持联网")
    assert "lesson_finished" in page.evaluate("JSON.stringify(localStorage)")


def test_what_waited_elsewhere_moves_in_as_soon_as_the_storage_answers(stage, page):
    page.clock.install()
    page.evaluate(GONE)
    finish(page)
    page.evaluate(BACK)
    page.clock.fast_forward(31_000)
    wait_until(page, lambda: "lesson_finished" in on_disk(page), 20)
    page.wait_for_selector("#sync >> text=已保存在本机")


def test_what_the_server_told_meanwhile_moves_in_as_well(stage):
    page = stage.open("/blank/")
    page.clock.install()
    page.evaluate(OPEN, ACCOUNT)
    page.evaluate(GONE)
    page.evaluate("queue.setCopy('me/progress', ['told meanwhile'])")
    assert page.evaluate("queue.kept.safe") is False
    page.evaluate(BACK)
    page.clock.fast_forward(31_000)
    page.wait_for_function("queue.kept.safe")
    assert page.evaluate("queue.copy('me/progress')") == ["told meanwhile"]


def test_where_nothing_can_be_kept_the_page_says_so(stage, page):
    page.evaluate(GONE + "; Storage.prototype.setItem = () => { throw new Error('full'); }; 0")
    assert "只记在这一页" in finish(page)
    stage.refusal = None
    page.click("button[value=finish]")
    wait_until(page, lambda: "lesson_finished" in stage.kinds(ACCOUNT), 20)


def test_a_record_that_could_not_be_made_is_told(stage, page):
    """Whatever the reason: the learner hears of it and may press again."""
    page.evaluate("Date.prototype.toISOString = () => { throw new Error('broken'); }; 0")
    page.click("button[value=finish]")
    page.wait_for_selector("#finish-note >> text=没有记下")


def test_a_storage_that_says_nothing_is_waited_for_once(stage, page):
    """Another page holds both databases: no lesson is dropped, the next act need not wait."""
    other = stage.open("/blank/")
    other.evaluate(HOLD)
    page.clock.install()
    page.click("button[value=finish]")
    for _ in range(2):  # a time-out for each of the two databases
        page.clock.fast_forward(11_000)
    page.wait_for_selector("#finish-note >> text=还没有存牢")
    page.click("button[value=quiz]")
    page.wait_for_selector("#check-note >> text=先选好答案")
    other.close()
    assert len(page.evaluate(KEPT)) == 1


def test_records_that_were_given_up_do_not_come_back(stage, page):
    finish(page)
    page.goto(ORIGIN + "/logout/")
    page.clock.install()
    page.click("text=退出登录")
    wait_until(page, lambda: page.locator("#said button").count() == 3, 8)
    page.click("text=放弃这些记录")
    with page.expect_navigation():
        page.click("text=真的放弃")
    assert kept_rows(stage) == []
    assert "lesson_finished" not in page.evaluate("JSON.stringify(localStorage)")


LOOK_UP = """async ([source, lose]) => {
  const self = { addEventListener() {}, location, clients: {} };
  const worker = "const SHELL = { version: '', files: [] }, ROUTES = { notHere: ['x'] };" + source;
  const lookUp = new Function("self", worker + "; return lookUp;")(self);
  await lookUp("packs", "0198c0de-0000-7000-8000-0000000000ff");
  new Function(lose)();
  const found = await lookUp("packs", "0198c0de-0000-7000-8000-0000000000ff");
  return found && found.path;
}"""


def test_the_worker_opens_its_database_anew(page):
    assert page.evaluate(LOOK_UP, [WORKER.read_text("utf-8"), CLOSE]) == "/x/"


def test_the_worker_asks_the_network_when_its_database_does_not_even_open(page):
    page.clock.install()
    page.evaluate("IDBFactory.prototype.open = () => ({}); 0")
    page.evaluate(f"window.found = ({LOOK_UP})({json.dumps([WORKER.read_text('utf-8'), ''])}); 0")
    page.evaluate("found.then(() => { window.answered = true; }); 0")
    for _ in range(2):
        page.clock.run_for(3_000)
    page.wait_for_function("window.answered")
