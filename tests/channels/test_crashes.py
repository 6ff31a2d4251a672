"""A worker dies by SIGKILL at every named place; the lesson still appears exactly once."""

import json
import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from studyhub.channels.worker.crashpoints import FILM_POINTS, POINTS

# The lab has a database of its own, in SQLite, whatever the run's is.
pytestmark = [pytest.mark.slow, pytest.mark.once]


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "studyhub.settings.test",
        "DATABASE_URL": f"sqlite:///{folder / 'lab.sqlite3'}",
        "STUDYHUB_VAR": str(folder),
        "PYTHONWARNINGS": "ignore",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.channels.crash_lab", str(_free_port())],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    _answer(process)
    yield process
    process.stdin.close()
    process.stdout.close()
    process.wait(timeout=10)


def _answer(process):
    """The next line that is an answer; the children's log lines go by."""
    for line in process.stdout:
        if line.startswith(("ready", '{"killed', '{"error')):
            return line
    raise AssertionError("the lab has died")


@pytest.mark.parametrize("point", POINTS)
def test_a_dead_worker_neither_loses_nor_doubles_an_article(lab, point):
    lab.stdin.write(f"{point}\n")
    lab.stdin.flush()
    answer = json.loads(_answer(lab))
    withdrawn = point.startswith("withdraw")
    assert answer == {
        "killed": True,
        "state": "removed" if withdrawn else "published",
        "articles": 1,
        "visible": 0 if withdrawn else 1,
    }


@pytest.mark.parametrize("point", FILM_POINTS)
def test_a_dead_worker_neither_loses_nor_doubles_a_film(lab, point):
    lab.stdin.write(f"film {point}\n")
    lab.stdin.flush()
    answer = json.loads(_answer(lab))
    withdrawn = point.startswith("withdraw")
    assert answer == {
        "killed": True,
        "state": "removed" if withdrawn else "published",
        "articles": 1,
        "visible": 0 if withdrawn else 1,
    }
