"""Pictures of shown twins: drawn once for each wording, kept under a name that is theirs alone."""

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from content.models import BlockTwin, TwinPicture
from content.models.twins import MONGOLIAN
from content.twins import drawing
from content.twins.words import paragraphs

FOLDER = "drawn"


@dataclass(frozen=True)
class PictureFile:
    name: str  # in the storage
    bytes: int

    @property
    def url(self) -> str:
        return str(default_storage.url(self.name))


def is_drawing(name: str) -> bool:
    """By its name in the storage; what is in it never changes."""
    return name.startswith(f"{FOLDER}/")


def said(twin: BlockTwin) -> tuple[str, tuple[str, ...]]:
    """Heading and paragraphs as they are shown."""
    return twin.fields.get("heading", ""), tuple(paragraphs(twin.fields.get("text", "")))


def files_of(twin: BlockTwin) -> tuple[PictureFile, ...]:
    """None where it is not drawn yet, or was with other words."""
    row = getattr(twin, "picture", None)
    if row is None or row.key != drawing.key_of(*said(twin)):
        return ()
    return tuple(PictureFile(**one) for one in row.files)


def can_draw() -> bool:
    """False where this machine would have to and cannot: some lesson is shown in Mongolian."""
    return drawing.draws() or not _shown().exists()


def draw_twins(lesson_key: UUID) -> None:
    """A picture of each shown twin of a lesson that has none of its words yet. Safe to repeat.

    Where this machine cannot draw, all stays as it is.
    """
    if not drawing.draws():
        return
    shown = _shown().filter(lesson_key=lesson_key).select_related("picture")
    shown = [one for one in shown.prefetch_related("signatures") if one.is_signed()]
    for twin in shown:
        if not _is_drawn(twin):
            _draw(twin)
    _forget(lesson_key, {one.pk for one in shown})


def _shown() -> Any:
    return BlockTwin.objects.filter(state=BlockTwin.State.SIGNED, language=MONGOLIAN)


def _is_drawn(twin: BlockTwin) -> bool:
    files = files_of(twin)
    return bool(files) and all(default_storage.exists(one.name) for one in files)


def _draw(twin: BlockTwin) -> None:
    """Files first: a page never names one that is not there."""
    heading, text = said(twin)
    key = drawing.key_of(heading, text)
    files = [
        {"name": _store(f"{FOLDER}/{key}-{number}.png", data), "bytes": len(data)}
        for number, data in enumerate(drawing.draw(heading, text))
    ]
    TwinPicture.objects.update_or_create(twin=twin, defaults={"key": key, "files": files})


def _store(name: str, data: bytes) -> str:
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(data))


def _forget(lesson_key: UUID, shown: set[int]) -> None:
    """Pictures of what is shown no more, with files that no other twin has."""
    gone = TwinPicture.objects.filter(twin__lesson_key=lesson_key).exclude(twin__in=shown)
    for row in gone:
        row.delete()
        if not TwinPicture.objects.filter(key=row.key).exists():
            for one in row.files:
                transaction.on_commit(partial(default_storage.delete, one["name"]))


def lessons_drawn(name: str) -> list[UUID]:
    """The keys of lessons of which this file is a picture that is shown."""
    if not is_drawing(name):
        return []
    key = name.removeprefix(f"{FOLDER}/").partition("-")[0]
    rows = TwinPicture.objects.filter(key=key, twin__state=BlockTwin.State.SIGNED)
    named = [row for row in rows.select_related("twin") if name in {f["name"] for f in row.files}]
    return [row.twin.lesson_key for row in named]
