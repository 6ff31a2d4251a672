"""``make dev``: the demo for those who change it. Errors in the browser, everything reloads."""

from studyhub.settings.dev import *

DEBUG = True
ROOT_URLCONF = "studyhub.settings.develop_urls"
INTERNAL_IPS = ["127.0.0.1", "::1"]
INSTALLED_APPS = [*INSTALLED_APPS, "debug_toolbar", "django_browser_reload"]
MIDDLEWARE = [
    "debug_toolbar.middleware.DebugToolbarMiddleware",
    *MIDDLEWARE,
    "django_browser_reload.middleware.BrowserReloadMiddleware",
]
# Scripts as they are written: nothing is collected, made small or kept by a service worker.
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
SERVICE_WORKER_KILLED = True
# Tasks run within the request that starts them: no worker to start anew after each change.
CELERY_TASK_ALWAYS_EAGER = True
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "debug_toolbar.W007"]
