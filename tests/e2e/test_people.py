"""A leader in a village without a signal, a member on the road: what they note arrives."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.e2e.phones import new_phone, own_phones, rows_on, wait_until, wait_until_sent
from tests.random_ids import without_random

WHO = ("strong", "[data-reason]")  # whoever it is today: others of the demo sign in meanwhile


@pytest.fixture
def phone_of(browser, network):
    with own_phones() as phones:

        def _phone_of(username):
            phones.append(new_phone(browser, network, username))
            return phones[-1]

        yield _phone_of


def signed_in(phone):
    """With the worker at work, which a first page brings."""
    sign_in(phone.page, phone.username, "/offline/")
    wait_until(
        phone.page,
        lambda: phone.page.evaluate("Boolean(navigator.serviceWorker.controller)"),
        30,
    )
    return phone.page


def open_group(page):
    page.goto("/lead/")
    page.locator(".card a").first.click()
    expect(page.get_by_role("heading", name="可以帮忙的人")).to_be_visible()


def kept_lists(phone):
    """The names under which lists lie on the phone, and everything that lies there as text."""
    return phone.page.evaluate(
        """async () => {
          const found = (await indexedDB.databases()).filter((one) => one.name.startsWith("q_"));
          const all = await Promise.all(found.map(({ name }) => new Promise((resolve) => {
            const request = indexedDB.open(name);
            request.onsuccess = () => {
              const asked = request.result.transaction("meta").objectStore("meta").get("groups");
              asked.onsuccess = () => {
                request.result.close();
                resolve(JSON.stringify(asked.result || []));
              };
            };
          })));
          return all.join("");
        }"""
    )


def test_a_leader_without_a_network_sees_todays_list_at_once_and_notes_a_call(phone_of):
    phone = phone_of("leader1")
    page = signed_in(phone)
    open_group(page)
    name, why = (page.locator(f"#people [data-person] {what}").first.inner_text() for what in WHO)
    wait_until(page, lambda: name in kept_lists(phone) and why in kept_lists(phone), 20)
    assert "139" not in without_random(kept_lists(phone))
    group = page.url
    phone.network.mode = "down"
    page.goto(group)
    line = page.locator("#without .given").first
    expect(line).to_be_visible()
    expect(page.locator("#without")).to_contain_text("号码要联网才查得到")
    expect(line.locator("strong")).to_have_text(name)
    line.locator("summary").click()
    line.get_by_role("button", name="没有接").click()
    expect(line).to_contain_text("已保存在本机")
    assert [row["kind"] for row in rows_on(page, "waiting")] == ["contact"]
    phone.network.mode = "up"
    page.goto(group)
    wait_until_sent(page)
    page.get_by_text("看是哪几位").click()
    page.locator(f"#due ~ details li:has-text('{name}')").get_by_text("记联系").click()
    expect(page.locator("#before ~ ul")).to_contain_text("打电话，没有接")


def test_one_tap_dials_and_the_number_stays_nowhere(phone_of):
    phone = phone_of("leader1")
    page = signed_in(phone)
    page.add_init_script("window.dialled = [];")
    open_group(page)
    with page.expect_response(lambda answer: answer.url.endswith("/call/")) as called:
        page.get_by_role("button", name="打电话").first.click()
    assert 'href="tel:1' in called.value.text()
    assert called.value.headers["cache-control"] == "private, no-store"
    assert "tel:1" not in page.content()


def test_a_member_without_a_network_says_that_they_moved(phone_of):
    phone = phone_of("member20")
    page = signed_in(phone)
    phone.network.mode = "down"
    page.goto("/me/move/")
    page.get_by_label("去了哪里").fill("深圳宝安")
    page.get_by_role("button", name="交给组长").click()
    expect(page.locator("#without")).to_contain_text("已保存在本机")
    phone.network.mode = "up"
    page.goto("/me/move/")
    wait_until_sent(page)
    page.reload()
    expect(page.locator("#waiting ~ dl")).to_contain_text("深圳宝安")
