"""``make run``: the whole product on one machine, SQLite, file broker, channel sandbox, demo
data."""

from studyhub.settings.base import *

ALLOWED_HOSTS = ["*"]
