"""The film of a lesson, as it lies in our store: an MP4 and its cover, both named by one key."""

import re
from typing import BinaryIO, cast

from django.core.files.storage import default_storage

from studyhub.channels.film_ports import Film
from studyhub.channels.ports import Picture

KEY = re.compile(r"[0-9a-f]{32}")


def load_film(key: str) -> Film:
    """Read in pieces when it is sent. Raises LookupError when it is not (or no longer) there."""
    if not KEY.fullmatch(key):
        raise LookupError(key)
    name = f"videos/{key}.mp4"
    try:
        with default_storage.open(f"videos/{key}.jpg", "rb") as file:
            cover = Picture(f"{key}.jpg", file.read())
        size = default_storage.size(name)
    except FileNotFoundError as error:
        raise LookupError(key) from error
    return Film(
        f"{key}.mp4", size, 0.0, cover, lambda: cast(BinaryIO, default_storage.open(name, "rb"))
    )


def video_key_of(page_id: int, revision: int) -> str:
    """The key of the finished film of this revision; empty while there is none.

    The one place that knows who makes films. Until somebody does, a film lies where its page and
    revision are named: ``videos/PAGE-REVISION.key`` holds the key.
    """
    name = f"videos/{page_id}-{revision}.key"
    if not default_storage.exists(name):
        return ""
    with default_storage.open(name, "rb") as file:
        key = file.read(64).decode("ascii", "replace").strip()
    return key if KEY.fullmatch(key) else ""
