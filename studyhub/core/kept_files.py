"""Where uploaded files and packs are kept, beyond what Django asks of a storage."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from django.core.files.storage import FileSystemStorage, default_storage

PIECE = 64 * 1024
SPACE_NEEDED = 50 * 1024 * 1024  # bytes; the largest upload and then some


@dataclass(frozen=True)
class StoredFile:
    size: int  # bytes
    changed: float  # seconds since 1970

    @property
    def tag(self) -> str:
        return f'"{round(self.changed * 1e6):x}-{self.size:x}"'


class KeptFiles(Protocol):
    """What a folder and a bucket both do."""

    def check(self) -> None:
        """Raise where a file could not be kept now; without keeping one, since anybody may ask."""

    def look(self, name: str) -> StoredFile:
        """Raises OSError where there is no such file."""

    def pieces(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """The bytes from the one place to the other, both of them included."""


def kept_files() -> KeptFiles:
    return cast(KeptFiles, default_storage)


class FolderStorage(FileSystemStorage):
    """A folder of this machine, or of a disk that several share."""

    def check(self) -> None:
        folder = nearest_folder(Path(self.location))
        left = os.statvfs(folder)
        if not os.access(folder, os.W_OK | os.X_OK) or left.f_flag & os.ST_RDONLY:
            raise PermissionError("the folder of media cannot be written to")
        if left.f_bavail * left.f_frsize < SPACE_NEEDED:
            raise OSError("the disk of media is full")

    def look(self, name: str) -> StoredFile:
        return StoredFile(self.size(name), self.get_modified_time(name).timestamp())

    def pieces(self, name: str, first: int, last: int) -> Iterator[bytes]:
        with self.open(name) as file:
            file.seek(first)
            left = last - first + 1
            while left > 0 and (piece := file.read(min(PIECE, left))):
                left -= len(piece)
                yield piece


def nearest_folder(path: Path) -> Path:
    """Itself, or where it would be made at the first upload."""
    while not path.exists():
        path = path.parent
    if not path.is_dir():
        raise NotADirectoryError("something else is where the folder of media should be")
    return path
