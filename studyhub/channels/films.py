"""The film of a lesson, as it lies in our store: an MP4 and its cover, both named by one key."""

import re
from typing import BinaryIO, cast

from django.core.files.storage import default_storage

from content import catalogue
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
    return Film(f"{key}.mp4", size, cover, lambda: cast(BinaryIO, default_storage.open(name, "rb")))


def video_key_of(page_id: int, revision: int) -> str:
    """The key of the newest finished film of this revision; empty while there is none."""
    film = catalogue.vertical_video_of(page_id, revision)
    return film.key if film else ""
