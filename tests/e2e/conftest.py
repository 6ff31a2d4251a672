"""The whole product as ``make run`` starts it — web, worker, scheduler, sandbox — and a browser."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.servers import ROOT, environment, free_port, wait_for
from tests.e2e.browser import CHROMIUM, launch_options
from tests.e2e.prepared import own_state
from tests.e2e.proxy import Network

PASSWORD = "studyhub-demo"
PHONE = {"width": 360, "height": 740}
SLOWEST_START = 120  # seconds, beside another product, on a machine that is busy
TOO_SLOW = ["TimeoutError", "TimeoutException", "not within"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Last of all: a browser's event loop stays in its process, and no test of the database may
    meet it."""
    items.sort(key=lambda item: Path(__file__).parent in Path(item.fspath).parents)
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.e2e)
            # A machine that was too slow once may try again; a wrong answer may not.
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=TOO_SLOW))
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="没有浏览器：apt-get install chromium"))


@pytest.fixture(scope="session")
def product_environment(tmp_path_factory, worker_id):
    """What the product is started with; commands given it work on the product's own state.

    Test processes run side by side, each with a product of its own, on a database and files that
    one of them has filled for both: they must not read each other's messages.
    """
    shared = tmp_path_factory.getbasetemp()
    shared = shared if worker_id == "master" else shared.parent
    with own_state(shared, worker_id) as (var, database_url):
        env = environment(var, free_port(), database_url)
        if database_url and os.environ.get("REDIS_URL"):
            number = 8 - int(worker_id.removeprefix("gw") if worker_id != "master" else 0)
            env["REDIS_URL"] = f"{os.environ['REDIS_URL'].rsplit('/', 1)[0]}/{number}"
        yield env


@pytest.fixture(scope="session")
def product(tmp_path_factory, product_environment):
    """Its address. Started once for all tests here, as one process group."""
    env = product_environment
    log = tmp_path_factory.mktemp("log") / "run.log"
    with log.open("w") as out:
        child = subprocess.Popen(
            [sys.executable, "manage.py", "run"], cwd=ROOT, env=env, stdout=out, stderr=out
        )
        try:
            base = f"http://127.0.0.1:{env['PORT']}"
            for path in ("/healthz", "/readyz"):
                _wait_until_started(f"{base}{path}", child, log)
            yield base
        finally:
            child.send_signal(signal.SIGINT)
            child.wait(timeout=60)


def _wait_until_started(url, child, log):
    """A start that fails is told at once, in the product's own words."""
    try:
        wait_for(url, seconds=SLOWEST_START, child=child)
    except OSError as error:
        raise AssertionError(f"{url}: {error}\n{log.read_text()}") from error


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return launch_options()


@pytest.fixture(scope="module")
def proxy(product):
    proxy = Network(product)
    yield proxy
    proxy.shutdown()
    proxy.server_close()


@pytest.fixture
def network(proxy):
    """Between phone and product, for a test to cut; whole at the beginning of each test."""
    proxy.reset()
    return proxy


@contextlib.contextmanager
def own_page(browser, **options):
    """A page in a context of its own. A script that breaks fails the test."""
    context = browser.new_context(**options)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.close()
    assert broken == []


@pytest.fixture
def phone(browser, product):
    """A page on a 360-pixel phone."""
    with own_page(
        browser,
        viewport=PHONE,
        base_url=product,
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
        locale="zh-CN",
    ) as page:
        yield page


@pytest.fixture
def desk(browser, product):
    """A page on a desk."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, base_url=product, locale="zh-CN"
    )
    yield context.new_page()
    context.close()


def sign_in(page, username, then="/"):
    page.goto(f"/login/?next={then}")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/login/" not in url)


def press(page, selector):
    """Click what leads to another page, and be there: what is read next is read there.

    A click alone waits for a page only if its beginning is noticed in time.
    """
    with page.expect_navigation():
        page.click(selector)
