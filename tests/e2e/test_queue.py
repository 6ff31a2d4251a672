"""How records are numbered on the phone: one history for each device, whoever writes at once."""

import httpx
import pytest

from tests.e2e.conftest import sign_in
from tests.e2e.phones import NO_DATABASE, TICKETS, rows_on, wait_until

ACCOUNT = "0198c0de-0000-7000-8000-00000000abcd"
NO_STORAGE = f"{NO_DATABASE}; Storage.prototype.setItem = () => {{ throw new Error('full'); }}"
OPEN = """async (id) => {
  const { openQueue } = await import("/static/web/queue.js");
  window.queue = await openQueue({ account_id: id, epoch: 1, signedIn: %s });
}"""
ADD = "async (section) => queue.add('sections_read', null, 1, { section_ids: [section] })"


@pytest.fixture
def tabs(phone):
    """Two pages of one phone; what they record is not to be sent."""
    phone.context.route("**/api/v1/me/records", lambda route: route.abort())
    return phone, phone.context.new_page()


def open_queues(tabs, *, script=""):
    if script:
        tabs[0].context.add_init_script(script)
    for tab in tabs:
        tab.goto("/login/")
        tab.evaluate(OPEN % "false", ACCOUNT)


def numbers(rows):
    """The numbers of each device, in order."""
    devices = {row["device"] for row in rows}
    return {one: sorted(row["seq"] for row in rows if row["device"] == one) for one in devices}


def test_a_record_made_while_the_page_asks_for_its_device_has_that_device(tabs):
    open_queues(tabs)
    asked = tabs[0].evaluate(
        f"async () => (await Promise.all([queue.device(), ({ADD})('a'), queue.device()]))[0]"
    )
    tabs[1].evaluate(ADD, "b")
    assert numbers(rows_on(tabs[0])) == {asked: [1, 2]}


def test_two_pages_that_start_at_once_share_one_device(tabs):
    open_queues(tabs)
    start = "window.asked = queue.device(); window.added = queue.add('mark', null, null, {}); 0"
    for tab in tabs:
        tab.evaluate(start)
    devices = {tab.evaluate("Promise.all([asked, added]).then((all) => all[0])") for tab in tabs}
    assert numbers(rows_on(tabs[0])) == {devices.pop(): [1, 2]}
    assert devices == set()


def test_without_a_database_each_page_keeps_what_it_wrote(tabs):
    open_queues(tabs, script=NO_DATABASE)
    for section, tab in zip("abcd", tabs * 2, strict=True):
        tab.evaluate(ADD, section)
    rows = {row["id"]: row for tab in tabs for row in tab.evaluate("queue.rows()")}
    assert sorted(row["data"]["section_ids"][0] for row in rows.values()) == list("abcd")
    assert list(numbers(rows.values()).values()) == [[1, 2], [1, 2]]


def test_a_page_that_can_no_longer_write_numbers_on_as_a_device_of_its_own(tabs):
    open_queues(tabs, script=NO_DATABASE)
    tabs[0].evaluate(ADD, "a")
    tabs[0].evaluate("Storage.prototype.setItem = () => { throw new Error('full'); }; 0")
    tabs[0].evaluate(ADD, "lost with the page")
    for section, tab in zip("bcde", tabs * 2, strict=True):
        tab.evaluate(ADD, section)
    rows = {row["id"]: row for tab in tabs for row in tab.evaluate("queue.rows()")}
    assert sorted(row["data"]["section_ids"][0] for row in rows.values())[:5] == list("abcde")
    assert len(rows) == 6


def test_where_nothing_can_be_kept_each_page_is_a_device_of_its_own(tabs):
    open_queues(tabs, script=NO_STORAGE)
    rows = []
    for tab in tabs:
        tab.evaluate(ADD, "a")
        tab.evaluate(ADD, "b")
        rows += tab.evaluate("queue.rows()")
        assert tab.evaluate("queue.tell()")["safe"] is False
    assert list(numbers(rows).values()) == [[1, 2], [1, 2]]


def test_a_phone_told_to_renew_takes_another_device_and_a_ticket_for_it_once(phone):
    """The server has seen its numbers from another phone: one of the two came from a backup."""
    tickets = []

    def give(route):
        tickets.append(route.request.post_data_json["device_id"])
        said = {"upload_ticket": "t", "receipt_key": "k", "expires_at": "2099-01-01T00:00:00Z"}
        route.fulfill(json=said)

    def take(route):
        sent = route.request.post_data_json
        results = [{"id": record["id"], "status": "accepted"} for record in sent["records"]]
        route.fulfill(json={"results": results, "epoch": 1, "device": {"renew": True}})

    phone.route("**/api/v1/me/devices", give)
    phone.route("**/api/v1/me/records", take)
    phone.goto("/login/")
    phone.evaluate(OPEN % "true", ACCOUNT)
    phone.evaluate(f"async () => {{ for (const one of 'ab') await ({ADD})(one); }}")
    phone.evaluate("queue.send(true)")
    phone.evaluate(ADD, "c")
    rows = rows_on(phone)
    devices = {row["data"]["section_ids"][0]: row["device"] for row in rows}
    first, second = devices["a"], devices["c"]
    assert numbers(rows) == {first: [1, 2], second: [1]}
    assert tickets == [second]


def test_a_page_too_old_for_the_server_keeps_its_records_and_says_what_to_do(phone):
    phone.route("**/api/v1/me/records", lambda route: route.fulfill(status=426, json={}))
    phone.goto("/login/")
    phone.evaluate(OPEN % "true", ACCOUNT)
    phone.evaluate(ADD, "a")
    assert "请关掉再打开" in phone.evaluate("queue.send(true)")["problem"]
    assert [row["state"] for row in rows_on(phone)] == ["waiting"]


def test_signing_out_elsewhere_leaves_this_phone_a_ticket_that_works(phone, product):
    def held():
        return [ticket["text"] for ticket in phone.evaluate(TICKETS)]

    def answer_to(ticket):
        body = {"device_id": ACCOUNT, "account_id": ACCOUNT, "epoch": 1, "records": []}
        head = {"Authorization": f"Ticket {ticket}"}
        return httpx.post(f"{product}/api/v1/me/records", json=body, headers=head).json()["code"]

    lesson = "/courses/changzheng/zunyi-huiyi/"
    sign_in(phone, "member52", lesson)
    wait_until(phone, held, 20)
    (first,) = held()
    phone.goto("/me/")
    phone.click("button >> text=退出别处的登录")
    phone.wait_for_selector("text=只有这里还登录着")
    phone.goto(lesson)
    wait_until(phone, lambda: held() != [first], 20)
    assert answer_to(first) == "ticket_void"
    assert answer_to(*held()) == "account_mismatch"  # understood: somebody else's records
