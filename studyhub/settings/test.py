"""Tests: quick hashes, tasks at once, nothing that talks outside."""

import os
import tempfile

from studyhub.settings.base import *
from studyhub.settings.files import FOLDER

SECRET_KEY = "test-test-test-test-test-test-test-test-test-test-test-test"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
VAR_DIR = Path(tempfile.mkdtemp(prefix="studyhub-test-"))
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file as in the product, not memory shared between connections: there a reader that meets a
    # writer fails at once, whatever the timeout says.
    DATABASES["default"]["NAME"] = VAR_DIR / "test.sqlite3"
    DATABASES["default"]["OPTIONS"]["init_command"] += "; PRAGMA synchronous=OFF"
else:
    # What a power cut would lose is of no interest to a test.
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
MEDIA_ROOT = VAR_DIR / "media"
STATIC_ROOT = VAR_DIR / "static"
BACKUP_DIR = VAR_DIR / "backups"
STORAGES = {
    "default": FOLDER,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
# Test processes run side by side and empty their cache before each test: each has a database of its
# own in Redis, or one would take away what the other has just counted on.
if REDIS_URL:
    _base, _, _number = REDIS_URL.rpartition("/")
    _worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for _name in ("default", "shared"):
        CACHES[_name]["LOCATION"] = f"{_base}/{int(_number) + _worker}"
else:
    CACHES["shared"]["LOCATION"] = str(VAR_DIR / "shared-cache")
# Wagtail's own indexes (search in the desk, usage of a picture) cost a fifth of the suite; a test
# about them asks for the backend that the product has.
TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
# Pages are rendered when somebody asks; tests of stored pages switch them on.
STORED_PAGES = False
REVIEW_LEVELS = 0  # tests of reviews ask for three
PAGE_FILES = ""
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
LOGGING_CONFIG = None
