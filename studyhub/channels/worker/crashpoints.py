"""Places where a worker may die.

Tests name one in ``STUDYHUB_CRASHPOINT`` and the process is killed there, as by a power cut;
without the variable nothing happens.
"""

import os
import signal

STEPS = ("cover", "picture", "draft", "submit", "reconcile", "poll", "withdraw")
# Of a platform of films; ``part_saved`` is after each part that is there.
FILM_STEPS = ("upload", "draft", "submit", "reconcile", "poll", "withdraw")
SEAMS = ("opened", "answered", "saved")
POINTS = ("claimed", *(f"{step}_{at}" for step in STEPS for at in SEAMS))
FILM_POINTS = ("claimed", "part_saved", *(f"{step}_{at}" for step in FILM_STEPS for at in SEAMS))


def reach(name: str) -> None:
    """Die here if that is the place that was named."""
    if os.environ.get("STUDYHUB_CRASHPOINT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
