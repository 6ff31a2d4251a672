"""A member's phone in a test: what it shows, what lies in its storage, what the server knows."""

import contextlib
import io
import json
import zipfile

import httpx
from playwright.sync_api import Error

from tests.e2e import webkit
from tests.e2e.conftest import PASSWORD, PHONE

QUEUES = """async () => {
  const found = (await indexedDB.databases()).filter((one) => one.name.startsWith("q_"));
  const all = await Promise.all(found.map(({ name }) => new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const db = request.result;
      const done = (list) => { db.close(); resolve(list); };
      %s
    };
  })));
  return [].concat(...all);
}"""

ROWS = (
    QUEUES
    % """
      const asked = db.transaction("records").objectStore("records").getAll();
      asked.onsuccess = () => done(asked.result);"""
)

COPIES = (
    QUEUES
    % """
      const meta = db.transaction("meta").objectStore("meta");
      const [names, values] = [meta.getAllKeys(), meta.getAll()];
      values.onsuccess = () => done(
        names.result.filter((key, n) => key.startsWith("me/") && values.result[n]));"""
)

TICKETS = (
    QUEUES
    % """
      const asked = db.transaction("meta").objectStore("meta").get("ticket");
      asked.onsuccess = () => done(asked.result ? [asked.result] : []);"""
)

NO_DATABASE = (
    "Object.defineProperty(window, 'indexedDB', {value: {open() { throw new Error('no'); }}})"
)

# Every wait of a page four times as short: its time-outs, pauses and patience keep their order.
HURRIED = """
const wait = window.setTimeout;
window.setTimeout = (work, time, ...more) => wait(work, time / 4, ...more);
"""
# The same where the storage is well: a busy machine must not look like a sick one.
HURRIED_BUT_STORAGE = HURRIED.replace("time / 4", "time === 10000 ? time : time / 4")

PACKS = """() => new Promise((resolve, reject) => {
  const request = indexedDB.open("studyhub");
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const db = request.result;
    if (!db.objectStoreNames.contains("packs")) { db.close(); resolve([]); return; }
    const asked = db.transaction("packs").objectStore("packs").getAll();
    asked.onsuccess = () => { db.close(); resolve(asked.result); };
  };
})"""


class Phone:
    """One browser context behind the network that a test controls."""

    def __init__(self, context, network, username):
        self.context, self.network, self.username = context, network, username
        self.page = context.new_page()
        self.broken: list[str] = []
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))

    def sign_in(self, username="", *, shared=False):
        self.username = username or self.username
        self.page.goto("/login/")
        self.page.fill("#id_username", self.username)
        self.page.fill("#id_password", PASSWORD)
        if shared:
            self.page.check("[name=shared]")
        self.page.click("main button[type=submit]")
        self.page.wait_for_selector("#next-lesson")

    def open(self, path):
        self.page.goto(path)
        self.page.wait_for_selector("#lesson-state .state")

    def read_all(self):
        for end in self.page.locator("[data-end]").all():
            end.scroll_into_view_if_needed()
            self.page.wait_for_timeout(60)

    def answer(self, *, wrongly=False):
        data = self.page.evaluate("JSON.parse(document.getElementById('lesson-data').textContent)")
        for question in data["quiz"]["questions"]:
            box = self.page.locator(f'[id="f-{question["id"]}"]')
            answer = question["answer"]
            if question["kind"] == "blank":
                box.locator("input").fill("不知道" if wrongly else str(answer))
                continue
            for value in answer if isinstance(answer, list) else [answer]:
                box.locator(f'[value="{str(value).lower()}"]').check()
        self.page.click("button[value=quiz]")
        self.page.wait_for_selector("#check-note >> text=已")

    def finish(self):
        self.page.click("button[value=finish]")
        self.page.wait_for_selector("#finish-note >> text=/已保存在本机|已存上|联系组长/")

    def study(self):
        """Everything it takes."""
        self.read_all()
        self.answer()
        self.page.click("button[value=finish]")
        self.page.wait_for_selector("#finish-note >> text=这一课学完了")

    def rows(self, state=""):
        return rows_on(self.page, state)

    def copies(self):
        """Which lists of what the server knows outlive the window."""
        return self.page.evaluate(COPIES)

    def wait_until_sent(self, seconds=90):
        wait_until_sent(self.page, seconds)

    def packs(self):
        return self.page.evaluate(PACKS)

    def wait_until_kept(self, count=3, seconds=30):
        self._wait(lambda: len(self.packs()) >= count, seconds)
        self._wait(self._has_worker, seconds)

    def _has_worker(self):
        return self.page.evaluate("Boolean(navigator.serviceWorker.controller)")

    def _wait(self, met, seconds):
        wait_until(self.page, met, seconds)


def rows_on(page, state=""):
    """What lies in the queues of a phone's browser."""
    return [row for row in page.evaluate(ROWS) if not state or row["state"] == state]


def wait_until_sent(page, seconds=90):
    """A page says 学完 from what it has saved itself; the server knows a moment later."""
    wait_until(page, lambda: not rows_on(page, "waiting"), seconds)


def wait_until(page, met, seconds):
    for _ in range(int(seconds * 5)):
        try:
            if met():
                return
        except Error as changing:
            if "context was destroyed" not in str(changing):
                raise
        page.wait_for_timeout(200)
    raise AssertionError(f"not within {seconds} s")


@contextlib.contextmanager
def own_phones():
    """A list to put a test's phones into. A script that breaks on one of them fails the test."""
    phones = []
    yield phones
    broken = [error for phone in phones for error in phone.broken]
    for phone in phones:
        phone.context.close()
    assert broken == []


def new_phone(browser, network, username, **options):
    context = browser.new_context(
        viewport=PHONE,
        base_url=network.address,
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
        locale="zh-CN",
        **options,
    )
    return Phone(context, network, username)


def new_webkit_phone(screen, network, username, *, service_workers="allow"):
    context = webkit.Context(screen, network, (PHONE["width"], PHONE["height"]))
    if service_workers == "block":
        context.add_init_script("delete Navigator.prototype.serviceWorker;")
    return Phone(context, network, username)


class Truth:
    """What the server knows of a member, asked past the network of the test."""

    def __init__(self, product, username):
        self.product = product
        body = {"login": username, "password": PASSWORD}
        answer = httpx.post(f"{product}/api/v1/session", json=body)
        assert answer.status_code == 200
        self.cookies = answer.cookies

    def _get(self, path):
        return httpx.get(f"{self.product}/api/v1/{path}", cookies=self.cookies, timeout=30)

    def progress(self, lesson):
        items = self._get("me/progress?limit=100").json()["items"]
        return next((item for item in items if item["lesson_id"] == lesson), None)

    def records(self, lesson):
        archive = zipfile.ZipFile(io.BytesIO(self._get("me/export").content))
        found = json.loads(archive.read("record.json"))["records"]
        return [record for record in found if record["lesson_key"] == lesson]
