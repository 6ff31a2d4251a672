"""The files of the media folder: pictures, recordings, packs. None is ever changed in its place.

Hence the order: database first, files after. Whatever a row of that moment names was there before
the row; what an editor deletes meanwhile is missing from the backup, and the backup says so.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage

RESTORING = ".restoring"


def folder() -> Path:
    return Path(settings.MEDIA_ROOT)


def is_here() -> bool:
    """Not so where files are kept in a store of objects, which is backed up by itself."""
    return isinstance(default_storage, FileSystemStorage)


def names() -> Iterator[str]:
    """Of all files, sorted; what a broken restore or upload left under a dot is not media."""
    if not is_here():
        return
    root = folder()
    for path, folders, files in os.walk(root, onerror=_unless_gone, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield (Path(path) / name).relative_to(root).as_posix()


def _unless_gone(error: OSError) -> None:
    """A folder that cannot be read is no empty one."""
    if not isinstance(error, FileNotFoundError):
        raise error


def is_empty() -> bool:
    return next(names(), None) is None
