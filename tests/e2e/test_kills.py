"""What was called 已保存 survives the sudden death of the browser.

Also where the browser then throws its own database away (decision 0019).

Three deaths in the suite; ``STUDYHUB_KILLS=200`` for the long run.
"""

import contextlib
import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import Error

from tests.e2e.browser import launch_options
from tests.e2e.conftest import sign_in
from tests.e2e.phones import rows_on, wait_until

pytestmark = pytest.mark.once  # it asks the phone, whatever database answers

KILLS = int(os.environ.get("STUDYHUB_KILLS", "3"))

# Opens the queue and adds to it, for ever or so often.
RECORD = """async (times = Infinity) => {
  const loaded = async (pattern) => {
    for (;;) {
      const names = performance.getEntriesByType("resource").map((one) => one.name);
      const found = names.find((name) => pattern.test(name));
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const { openQueue } = await import(await loaded(/\\/queue\\.[^/]*js$/));
  const { who } = await import(await loaded(/\\/base\\.[^/]*js$/));
  const queue = await openQueue(await who);
  for (let n = 0; n < times; n += 1) {
    const row = await queue.add("mark", null, null, { place: Math.random() });
    if (window.saved) window.saved(row.id);
  }
}"""


def kill(folder):
    """SIGKILL to every process of the browser that works in this folder; nothing else."""
    found = subprocess.run(
        ["pgrep", "-f", f"user-data-dir={folder}"], capture_output=True, text=True
    )
    for pid in found.stdout.split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)


def be_signed_in(page):
    """The browser keeps no cookie that it has had for less than half a minute when it dies."""
    page.goto("/courses/")
    if not page.context.cookies():
        sign_in(page, "member54")
        page.wait_for_selector("#next-lesson")


def damage(folder):
    """As a death in the middle of a write leaves it, once the next life has written on."""
    [log] = Path(folder).glob("Default/IndexedDB/*.leveldb/*.log")
    data = bytearray(log.read_bytes())
    data[len(data) // 2] ^= 0xFF
    log.write_bytes(data)


def one_life(playwright, product, folder, chance):
    """Records until death at a random moment; returns the ids that were called saved."""
    saved: list[str] = []
    context = playwright.chromium.launch_persistent_context(
        folder, base_url=product, **launch_options()
    )
    page = context.new_page()
    page.expose_function("saved", lambda id: saved.append(id))
    page.route("**/me/records", lambda route: route.abort())
    be_signed_in(page)
    page.evaluate(f"({RECORD})(), null")
    wait_until(page, lambda: saved, seconds=30)  # it really writes
    deadline = time.monotonic() + chance.uniform(0.2, 1.2)
    while time.monotonic() < deadline:
        page.wait_for_timeout(20)
    kill(folder)
    with contextlib.suppress(Error):  # it is dead, as it should be
        context.close()
    return saved


def kept(playwright, product, folder):
    """The ids in the queue, once it has been opened as the next page opens it."""
    context = playwright.chromium.launch_persistent_context(
        folder, base_url=product, **launch_options()
    )
    page = context.new_page()
    page.route("**/me/records", lambda route: route.abort())
    be_signed_in(page)
    page.evaluate(f"({RECORD})(1)")
    found = {row["id"] for row in rows_on(page)}
    context.close()
    return found


def test_no_saved_record_is_lost_when_the_browser_is_killed(playwright, product, tmp_path):
    chance = random.Random(20261125)
    promised: set[str] = set()
    for _ in range(KILLS):
        promised |= set(one_life(playwright, product, str(tmp_path), chance))
    assert len(promised) > KILLS
    assert promised - kept(playwright, product, str(tmp_path)) == set()


def test_a_database_that_the_browser_throws_away_costs_no_saved_record(
    playwright, product, tmp_path
):
    chance = random.Random(20261127)
    promised = set(one_life(playwright, product, str(tmp_path), chance))
    damage(tmp_path)
    assert promised - kept(playwright, product, str(tmp_path)) == set()
