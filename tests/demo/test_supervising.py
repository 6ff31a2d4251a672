"""A child that lives and does nothing is started again; one that ends, ends all."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from studyhub.demo.supervising import ProcessGroup

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def _signals():
    """The group takes them over; the tests want them back."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def started_into(folder: Path) -> list[str]:
    """A child that leaves a file behind when it starts, and then sits there."""
    code = f"import tempfile, time; tempfile.mkstemp(dir={str(folder)!r}); time.sleep(60)"
    return [sys.executable, "-c", code]


def test_a_child_without_a_sign_of_life_is_started_again(tmp_path, capfd):
    group = ProcessGroup(patience=0.0)

    def shows_life():
        group.stopping = len(list(tmp_path.iterdir())) == 2
        return not list(tmp_path.iterdir()) or group.stopping

    group.start("后台任务", started_into(tmp_path), shows_life)
    assert group.supervise() == 0
    assert len(list(tmp_path.iterdir())) == 2
    assert capfd.readouterr().err.count("后台任务 没有动静，已重新启动") == 1


def test_a_child_is_given_time_before_it_is_missed():
    group = ProcessGroup(patience=3600.0)
    asked = []
    group.start("后台任务", SLEEP, lambda: asked.append(1) or False)
    group.start("定时任务", [sys.executable, "-c", ""])
    assert group.supervise() == 1
    assert asked == []


def test_a_child_that_ends_by_itself_ends_all_and_is_named(capfd):
    group = ProcessGroup()
    group.start("网页", SLEEP)
    group.start("定时任务", [sys.executable, "-c", ""])
    assert group.supervise() == 1
    assert "定时任务 意外退出" in capfd.readouterr().err


@pytest.mark.parametrize("number", SIGNALS)
def test_who_is_ended_before_supervising_leaves_no_child_behind(number):
    group = ProcessGroup()
    group.fork("网页", lambda: time.sleep(60))
    os.kill(os.getpid(), number)
    assert group.supervise() == 0
    assert group.children == {}
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_forked_child_takes_signals_as_before():
    group = ProcessGroup()
    group.fork("网页", lambda: time.sleep(60))
    (child,) = group.children
    os.kill(child, signal.SIGTERM)
    assert group.supervise() == 1
