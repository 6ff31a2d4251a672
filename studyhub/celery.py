"""The task worker. Messages are only hints: the database row is the job (decision 0003)."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from celery import Celery, signals
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from studyhub.core.broker import use_whole_messages
from studyhub.core.environment import select_settings
from studyhub.core.schedulers import name_scheduler

select_settings()
use_whole_messages()

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
ASKED = "from studyhub.people.startup import refuse_unsafe_data; refuse_unsafe_data()"
LOOK = [sys.executable, str(MANAGE), "shell", "--verbosity", "0", "-c", ASKED]

app = Celery("studyhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.beat_init.connect(weak=False)
def hear_scheduler(sender: Any, **_: Any) -> None:
    """Two schedulers at once can be told apart."""
    name_scheduler(sender)


@signals.worker_init.connect(weak=False)
@signals.beat_init.connect(weak=False)
def refuse_unsafe_data(**_: Any) -> None:
    """Worker and scheduler work on people's data too. Celery would log an exception and go on."""
    if not apps.ready:  # the scheduler alone (studyhub.beat): a process with models looks for it
        if subprocess.run(LOOK, check=False).returncode:  # noqa: S603  our own command
            raise SystemExit(1)
        return
    from studyhub.people import startup  # models need the set-up that Celery has done by now

    try:
        startup.refuse_unsafe_data()
    except ImproperlyConfigured as problem:
        raise SystemExit(str(problem)) from problem
