"""Places where a worker may die.

Tests name one in ``STUDYHUB_CRASHPOINT`` and the process is killed there, as by a power cut;
without the variable nothing happens.
"""

import os
import signal

STEPS = ("cover", "picture", "draft", "submit", "reconcile", "poll", "withdraw")
POINTS = ("claimed", *(f"{step}_{at}" for step in STEPS for at in ("opened", "answered", "saved")))


def reach(name: str) -> None:
    """Die here if that is the place that was named."""
    if os.environ.get("STUDYHUB_CRASHPOINT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
