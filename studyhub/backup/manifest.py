"""What a backup says of itself; written last, so that a backup without one is none."""

from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from studyhub.core.errors import Invalid

NAME = "manifest.json"
FORMAT = 1


def _inside(path: str) -> str:
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts:
        raise ValueError("leads out of the folder")
    return path


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class StoredFile(_Frozen):
    """A file of the backup, as it lies there; ``content_sha256`` is of what was encrypted."""

    path: Annotated[str, AfterValidator(_inside)]
    bytes: int
    sha256: str
    content_sha256: str


class MediaFile(_Frozen):
    """A file of the media folder: its name there, and where it lies in the backup."""

    name: Annotated[str, AfterValidator(_inside)]
    stored: StoredFile


class DatabaseFacts(_Frozen):
    """``kind`` as Django names it; ``version`` of the server, ``tool`` of what wrote the dump."""

    kind: str
    version: int
    tool: int


class Manifest(_Frozen):
    """All that must be known of a backup before anything is taken from it. No personal data."""

    format: int
    program: str
    made_at: datetime
    migrations: list[str]
    epoch: int
    erasures: int
    rows: dict[str, int]
    field_keys: list[str]
    secret_key: str
    recipient: str = ""
    sealed_word: str = ""
    facts: DatabaseFacts
    database: StoredFile
    media: list[MediaFile]
    vanished: list[str]

    def files(self) -> list[StoredFile]:
        return [self.database, *(one.stored for one in self.media)]

    def total_bytes(self) -> int:
        return sum(file.bytes for file in self.files())


def read_manifest(folder: Path) -> Manifest:
    """Raises Invalid where it is missing, cut off or of a form this program does not know."""
    try:
        text = (folder / NAME).read_bytes()
    except FileNotFoundError:
        raise Invalid(
            "not_a_backup", f"{folder} 不是一份完整的备份（没有 {NAME}），请换一份。"
        ) from None
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError:
        raise Invalid(
            "manifest_unreadable", f"{folder} 的 {NAME} 残缺或认不得，请换一份备份。"
        ) from None
    if manifest.format > FORMAT:
        raise Invalid("backup_newer", "这份备份是更新的程序做的，请先升级程序，再恢复。")
    return manifest
