"""The task worker. Messages are only hints: the database row is the job (decision 0003)."""

from celery import Celery

from studyhub.core.broker import use_whole_messages
from studyhub.core.environment import select_settings

select_settings()
use_whole_messages()

app = Celery("studyhub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
