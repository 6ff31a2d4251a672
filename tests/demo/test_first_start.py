"""``make run`` where nothing is: what somebody sees who tries the product for the first time."""

import signal
import subprocess
import sys
import urllib.request
from urllib.error import HTTPError

import pytest

from tests.bench.servers import ROOT, environment, free_port, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.once]
PAGES = ("/", "/courses/", "/login/", "/search/", "/no-such-page/", "/sw.js")


def test_the_first_start_shows_pages_and_ends_cleanly(tmp_path):
    """The web process is forked before others have said where the files of its pages are."""
    env, log = environment(tmp_path / "var", free_port()), tmp_path / "log"
    with log.open("w") as out:
        run = [sys.executable, "manage.py", "run"]
        child = subprocess.Popen(run, cwd=ROOT, env=env, stdout=out, stderr=out)
    try:
        base = f"http://127.0.0.1:{env['PORT']}"
        wait_for(f"{base}/healthz", seconds=120, child=child)
        found = {path: _status(base + path) for path in PAGES}
    finally:
        child.send_signal(signal.SIGINT)
        ended = child.wait(timeout=60)
    assert found == dict.fromkeys(PAGES, 200) | {"/no-such-page/": 404}, log.read_text()
    assert ended == 0


def _status(url):
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.status
    except HTTPError as error:
        return error.code
