"""``make dev``: the demo for those who change it. Errors in the browser, everything reloads."""

import sys

from studyhub.settings.dev import *

# The toolbar's page of queries asks for GIS, which looks for a library through the compiler and the
# linker for half a second. There is none here.
sys.modules.setdefault("django.contrib.gis.db.backends.postgis.adapter", None)

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
STORED_PAGES = False  # templates change under way
# Tasks run within the request that starts them: no worker to start anew after each change.
CELERY_TASK_ALWAYS_EAGER = True
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "debug_toolbar.W007"]
