"""What breaks, when: workers, the broker's memory, the database. Seeded."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

CONT_AFTER = 7.0  # seconds: longer than a lease


class Workers:
    """Two masters with a process each; the masters see to it that there always are two."""

    def __init__(self, environment, number=2):
        self.environment, self.masters = environment, [None] * number
        self.frozen = {}
        self.killed = self.stopped = 0
        self.start()

    def start(self):
        for place, master in enumerate(self.masters):
            if master is None or master.poll() is not None:
                self.masters[place] = self._master(place)

    def _master(self, place):
        command = [sys.executable, "-m", "celery", "-A", "tests.chaos.worker", "worker"]
        options = ["-c", "1", "-P", "prefork", "-n", f"w{place}@chaos", "--loglevel", "CRITICAL"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return subprocess.Popen([*command, *options, *quiet], env=self.environment)

    def children(self):
        """Those that carry deliveries."""
        found = []
        for master in self.masters:
            listed = Path(f"/proc/{master.pid}/task/{master.pid}/children")
            found += [int(pid) for pid in listed.read_text().split()] if listed.exists() else []
        return found

    def kill(self, dice):
        if alive := self.children():
            self._signal(dice.choice(alive), signal.SIGKILL)
            self.killed += 1

    def freeze(self, dice):
        if alive := [pid for pid in self.children() if pid not in self.frozen]:
            pid = dice.choice(alive)
            self._signal(pid, signal.SIGSTOP)
            self.frozen[pid] = time.monotonic() + CONT_AFTER
            self.stopped += 1

    def thaw(self):
        for pid, until in list(self.frozen.items()):
            if until < time.monotonic():
                self._signal(pid, signal.SIGCONT)
                del self.frozen[pid]

    def _signal(self, pid, number):
        with suppress(ProcessLookupError):
            os.kill(pid, number)

    def stop(self):
        """At once, all of them."""
        for pid in [*self.children(), *(master.pid for master in self.masters)]:
            self._signal(pid, signal.SIGKILL)
        for master in self.masters:
            master.wait()
        self.frozen.clear()


class Storm:
    """What happens at the next tick."""

    def __init__(self, seed, workers, broker, database, every=(2.0, 5.0, 10.0, 25.0)):
        self.dice = random.Random(seed)
        now = time.monotonic()
        names = (self.kill, self.freeze, self.flush, self.restart)
        self.workers, self.broker, self.database = workers, broker, database
        self.plan = {name: (now + wait, wait) for name, wait in zip(names, every, strict=True)}
        self.flushed = self.restarted = 0

    def tick(self):
        for act, (due, wait) in list(self.plan.items()):
            if due <= time.monotonic():
                act()
                again = self.dice.uniform(0.5 * wait, 1.5 * wait)
                self.plan[act] = (time.monotonic() + again, wait)
        self.workers.thaw()
        self.workers.start()

    def kill(self):
        self.workers.kill(self.dice)

    def freeze(self):
        self.workers.freeze(self.dice)

    def flush(self):
        self.broker.flush()
        self.flushed += 1

    def restart(self):
        self.database.restart()
        self.restarted += 1

    def told(self):
        return (
            f"killed from outside {self.workers.killed}, frozen {self.workers.stopped}, "
            f"broker emptied {self.flushed}, database restarted {self.restarted}"
        )
