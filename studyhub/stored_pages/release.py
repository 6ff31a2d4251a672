"""Which code a page was rendered by: another template, script or style is another release."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

SOURCES = ("*.py", "*.html", "*.css", "*.js", "*.json", "*.svg", "*.mo", "*.woff2")
PLACES = ("studyhub", "content", "templates")
# What operators set and pages show.
SHOWN = ("PUBLIC_URL", "STATIC_URL", "MEDIA_URL", "LANGUAGE_CODE", "SANDBOX", "TIME_ZONE")


@cache
def release() -> str:
    """The same in every process of one deployment, on every machine of it."""
    digest = hashlib.sha256()
    for name in SHOWN:
        digest.update(f"{name}={getattr(settings, name)}\n".encode())
    for path in _sources():
        digest.update(str(path.relative_to(settings.BASE_DIR)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _sources() -> list[Path]:
    folders = (settings.BASE_DIR / place for place in PLACES)
    return sorted(path for folder in folders for kind in SOURCES for path in folder.rglob(kind))
