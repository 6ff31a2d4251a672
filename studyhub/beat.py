"""The scheduler alone: it sends hints by the clock and reads no table, so it loads no models.

``celery -A studyhub.beat beat``. With ``-A studyhub`` it does the same in three times the memory.
"""

from celery import Celery

app = Celery("studyhub", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")
