"""A page of an earlier release, open while the server was upgraded, and the next one after it."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.e2e.conftest import PHONE, own_page, sign_in
from tests.e2e.phones import rows_on, wait_until, wait_until_sent
from tests.old_phones import BUNDLES, files_of, release_of

pytestmark = pytest.mark.once  # it asks the phone, whatever database answers

LESSON = "/courses/xinzhongguo/kaiguo-dadian/"
RECORDS = "**/api/v1/me/records"
KINDS = {"js": "text/javascript", "css": "text/css"}


@pytest.fixture
def phone(browser, product):
    """Without a worker: today's would serve the page's next scripts."""
    with own_page(browser, viewport=PHONE, base_url=product, service_workers="block") as page:
        yield page


@pytest.fixture(params=BUNDLES, ids=release_of)
def old(request, phone):
    """From now on the lesson is the page of then, with its scripts, which are still served."""
    files = files_of(request.param)

    def file(route):
        name = route.request.url.rpartition("/")[2]
        if name in files:
            route.fulfill(body=files[name], content_type=KINDS[name.rpartition(".")[2]])
        else:
            route.continue_()

    def page(route):
        route.fulfill(body=files["lesson.html"], content_type="text/html; charset=utf-8")

    phone.route("**/static/web/**", file)
    phone.route(f"**{LESSON}", page)
    return files


def read_to_the_end(phone):
    for end in phone.locator("[data-end]").all():
        end.scroll_into_view_if_needed()


def progress(phone):
    key = phone.locator("#study").get_attribute("action").split("/")[2]
    items = phone.request.get("/api/v1/me/progress?limit=100").json()["items"]
    return next((item for item in items if item["lesson_id"] == key), None)


def waiting_on(phone):
    return {row["kind"] for row in rows_on(phone, "waiting")}


def records_of(phone):
    """What the server holds of the reader, as their own archive tells it."""
    with ZipFile(BytesIO(phone.request.get("/api/v1/me/export").body())) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".json"))
        return json.loads(archive.read(name))["records"]


def test_it_sends_what_is_read_and_the_next_page_sends_what_it_could_not(phone, old):
    sign_in(phone, "member14")
    phone.goto(LESSON)
    phone.wait_for_selector("#lesson-state .state")
    loaded = phone.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    scripts = {name.rpartition("/")[2] for name in loaded if name.endswith(".js")}
    assert scripts
    assert scripts <= old.keys()
    assert progress(phone) is None
    read_to_the_end(phone)
    wait_until(phone, lambda: (progress(phone) or {}).get("percent", 0) > 0, seconds=30)
    phone.route(RECORDS, lambda route: route.abort())
    phone.click("button[value=finish]")
    wait_until(phone, lambda: {"lesson_finished"} <= waiting_on(phone), seconds=30)

    phone.unroute(RECORDS)
    phone.unroute(f"**{LESSON}")
    phone.goto("/courses/")
    wait_until_sent(phone)
    kinds = {one["kind"] for one in records_of(phone)}
    assert {"sections_read", "lesson_finished"} <= kinds
