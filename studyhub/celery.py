"""The task worker. Messages are only hints: the database row is the job (decision 0003)."""

from typing import Any

from celery import Celery, signals
from django.core.exceptions import ImproperlyConfigured

from studyhub.core.broker import use_whole_messages
from studyhub.core.environment import select_settings

select_settings()
use_whole_messages()

app = Celery("studyhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.beat_init.connect(weak=False)
def name_scheduler(sender: Any, **_: Any) -> None:
    """Two schedulers at once can be told apart."""
    from studyhub.core import tasks  # models need the set-up that Celery has done by now

    tasks.name_scheduler(sender)


@signals.worker_init.connect(weak=False)
@signals.beat_init.connect(weak=False)
def refuse_unsafe_data(**_: Any) -> None:
    """Worker and scheduler work on people's data too. Celery would log an exception and go on."""
    from studyhub.people import startup  # models need the set-up that Celery has done by now

    try:
        startup.refuse_unsafe_data()
    except ImproperlyConfigured as problem:
        raise SystemExit(str(problem)) from problem
