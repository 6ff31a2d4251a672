"""Run in a shell of the rehearsed product: the runtime lock has all that it uses."""

import importlib
import pkgutil

from celery import current_app
from django.core.cache import cache
from django.core.mail import get_connection
from django.db import connection

import content
import studyhub

# Made for development, for tests and for the demo; they ask for what is not installed here.
APART = ("studyhub.settings.develop", "studyhub.settings.test", "studyhub.sandbox.")

for house in (studyhub, content):
    for found in pkgutil.walk_packages(house.__path__, f"{house.__name__}."):
        if not found.name.startswith(APART):
            importlib.import_module(found.name)
with current_app.connection_for_write(connect_timeout=3) as broker:
    broker.ensure_connection(max_retries=1, timeout=3)
cache.set("rehearsal", "kept")
assert cache.get("rehearsal") == "kept"
connection.ensure_connection()
get_connection()
