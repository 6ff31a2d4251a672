"""One foreground process group: children that live and die together."""

import os
import signal
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any
from urllib.error import URLError

GRACE = 10  # seconds a child may take to finish what it is doing
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
Handler = Any  # as ``signal`` has it: a function, a number or nothing
PATIENCE = 90.0  # seconds without a sign of life, from the start on


@dataclass
class Watched:
    """A child that can live and do nothing: how to see it, and how to start it again."""

    name: str
    command: list[str]
    shows_life: Callable[[], bool]
    seen_at: float


class ProcessGroup:
    """Runs until one child ends or somebody presses Ctrl-C; then ends all of them.

    The web child is forked, not started anew: it inherits the loaded application and answers at
    once. A child that shows no life for ``patience`` seconds is killed and started again.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self.children: dict[int, str] = {}
        self.watched: dict[int, Watched] = {}
        self.patience = patience
        self.stopping = False
        self.before: dict[signal.Signals, Handler] = {}

    def fork(self, name: str, work: Callable[[], None]) -> None:
        before = self._listen()
        # A signal that came before the child is itself would be taken as this process takes it.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        pid = os.fork()
        if pid == 0:
            os.setpgid(0, 0)
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
            work()
            os._exit(0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        self.children[pid] = name

    def start(
        self, name: str, command: list[str], shows_life: Callable[[], bool] | None = None
    ) -> None:
        self._listen()
        pid = os.posix_spawn(command[0], command, os.environ, setpgroup=0)
        self.children[pid] = name
        if shows_life:
            self.watched[pid] = Watched(name, command, shows_life, time.monotonic())

    def supervise(self) -> int:
        """Wait; returns 0 after Ctrl-C, 1 when a child ended by itself."""
        self._listen()
        died = None
        while self.children and not self.stopping:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid:
                died = self.children.pop(pid, None)
                break
            self._restart_the_lifeless()
            time.sleep(0.2)
        self._stop()
        if died:
            sys.stderr.write(f"{died} 意外退出，已全部停止。\n")
            return 1
        return 0

    def _listen(self) -> "dict[signal.Signals, Handler]":
        """From the first child on: whoever ended this process before would leave it behind.

        Returns what was done with each signal before.
        """
        for number in ENDING:
            if number not in self.before:
                self.before[number] = signal.signal(number, self._on_signal)
        return self.before

    def _restart_the_lifeless(self) -> None:
        """Asked only when the last sign is old: most of the time this costs nothing."""
        for pid, child in list(self.watched.items()):
            if time.monotonic() - child.seen_at < self.patience:
                continue
            if child.shows_life():
                child.seen_at = time.monotonic() - self.patience / 2
                continue
            sys.stderr.write(f"{child.name} 没有动静，已重新启动。\n")
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            del self.watched[pid], self.children[pid]
            self.start(child.name, child.command, child.shows_life)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _stop(self) -> None:
        deadline = time.monotonic() + GRACE
        self._signal(signal.SIGTERM)
        while self.children and time.monotonic() < deadline:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            self.children.pop(pid, None)
            time.sleep(0.1)
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        """To the child alone first; the whole of its group when it must be killed."""
        for pid in self.children:
            try:
                (os.killpg if number == signal.SIGKILL else os.kill)(pid, number)
            except ProcessLookupError:
                continue


def wait_until_up(url: str, seconds: float) -> bool:
    """True as soon as the address answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  our own address
                return True
        except (URLError, OSError):
            time.sleep(0.05)
    return False
