"""One run, from the first table to the verdict.

``python -m tests.chaos.director PORT GIVEN FOLDER``.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402  all of these need the set-up above
from django.db import connections  # noqa: E402
from django.db.utils import Error  # noqa: E402
from kombu.exceptions import OperationalError  # noqa: E402

from studyhub.celery import app  # noqa: E402
from tests.chaos import lessons  # noqa: E402
from tests.chaos.services import Broker, Database  # noqa: E402
from tests.chaos.storm import Storm, Workers  # noqa: E402

SWEEPS = (
    "studyhub.channels.tasks.sweep_deliveries",
    "studyhub.channels.tasks.sweep_callbacks",
)
# Seconds without weather at the end: longer than anybody is frozen or any call is late, and as many
# as it takes on a slow machine to finish what is on its way.
CALM, CALM_AT_MOST = 12.0, 600.0


class Director:
    """Leads the run and watches it."""

    def __init__(self, port, given, folder):
        self.given, self.folder, self.port = given, folder, port
        self.database = Database(folder, given["pg"])
        self.broker = Broker(given["broker"])

    def run(self):
        call_command("migrate", verbosity=0)
        lessons.prepare(self.given["kinds"], self.given["lessons"], self.port)
        began = time.monotonic()
        command = [
            sys.executable,
            "-m",
            "tests.chaos.server",
            str(self.port),
            str(self.given["seed"]),
        ]
        server = subprocess.Popen(command)
        workers = Workers(dict(os.environ))
        try:
            told = self._storm(workers, began)
            self._calm(workers)
            _, held = lessons.verdict()
            for _ in range(3 if held else 0):
                time.sleep(10.0)
                lessons.press()
                self._calm(workers)
        finally:
            workers.stop()
            server.kill()
        wrong, left = lessons.verdict()
        states = {kind: dict(states) for kind, states in lessons.standing().items()}
        took = round(time.monotonic() - began)
        told = {"weather": told, "died at": self._deaths(), "states": states}
        wrong += left  # a person has pressed by now: it is there
        return {"seconds": took, **told, "held": held, "wrong": wrong}

    def _deaths(self):
        """Place -> how many workers died there."""
        deaths = Path(os.environ["CHAOS_DEATHS"])
        return Counter(deaths.read_text().split()) if deaths.exists() else {}

    def _storm(self, workers, began):
        storm = Storm(self.given["seed"], workers, self.broker, self.database)
        end = began + 60 * self.given["minutes"]
        total, kept, restored = lessons_left(), False, False
        while time.monotonic() < end:
            self._sweep()
            storm.tick()
            left = lessons_left()
            if left is not None and not kept and left < 0.85 * total:
                kept = self._backed_up()
            if left is not None and kept and not restored and left < 0.4 * total:
                restored = self._restored(workers)
            if left == 0 and restored:
                break
            time.sleep(0.5)
        return f"{storm.told()}, backup restored {int(restored)}"

    def _backed_up(self):
        with suppress(Error):
            lessons.back_up()
            return True
        connections.close_all()
        return False

    def _restored(self, workers):
        workers.stop()
        with suppress(Error):
            lessons.restore()
            lessons.resume()
            workers.start()
            return True
        connections.close_all()
        workers.start()
        return False

    def _calm(self, workers):
        began = time.monotonic()
        while (calm := time.monotonic() - began) < CALM_AT_MOST:
            self._sweep()
            workers.thaw()
            workers.start()
            if calm > CALM and lessons_left() == 0:
                break
            time.sleep(0.5)

    def _sweep(self):
        for name in SWEEPS:
            with suppress(OperationalError, OSError):
                app.send_task(name, expires=5)


def lessons_left():
    """None while the database is away."""
    try:
        return lessons.unfinished()
    except Error:
        connections.close_all()
        return None


if __name__ == "__main__":
    port, given, folder = int(sys.argv[1]), json.loads(sys.argv[2]), Path(sys.argv[3])
    print(json.dumps(Director(port, given, folder).run(), ensure_ascii=False))
