"""The demo's settings, in a hurry."""

from studyhub.settings.dev import *

ALLOWED_HOSTS = ["*"]
REVIEW_LEVELS = 0
STORED_PAGES = False
CELERY_TASK_TIME_LIMIT, CELERY_TASK_SOFT_TIME_LIMIT = 30, 28
CELERY_WORKER_MAX_TASKS_PER_CHILD = None
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 20}
CHANNELS |= {
    "LEASE": 5.0,
    "QUIET": 4.0,  # longer than the platform's list lags behind
    "POLL_DELAYS": (0.5, 1.0, 2.0),
    "POLL_FOR_AT_MOST": 30.0,
    "WATCH_DELAYS": (2.0, 4.0, 8.0, 600.0),
    "PUBLISHED_DELAYS": (600.0,),
    "RETRY_FIRST": 0.5,
    "RETRY_DELAYS": (0.5, 1.0, 2.0, 3.0),
    "RETRIES": 40,
    "BREAK_DELAYS": (1.0,),
    "CRASHES": 20,  # here they die of us, not of the delivery
    "TURN_WAIT": 0.3,
    "TOKEN_LOCK": 5.0,
}
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
LOGGING_CONFIG = None
