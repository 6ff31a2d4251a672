"""The files behind figures, sounds and films: where phones fetch them, how large they are.

Elements name originals by number; whoever shows a document asks here once for all of them. A file
that is gone or cannot be read is not in the answer: one picture never breaks a page, and no page
breaks a list. ``content.files_in_use`` tells the editor.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.cache import caches
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.document import Document
from content.elements import Figure, Film, Sound, with_inner
from studyhub.core.errors import FilesAway

logger = logging.getLogger(__name__)
PHONE_SPEC = "width-960|format-webp"
# Beside a title; the second where the first is too heavy. Twice the pixels of the place it has.
COVER_SPECS = tuple(f"fill-192x108-c100|format-webp|webpquality-{n}" for n in (60, 20))
COVER_MOST = 8_000  # bytes
UNREADABLE_SECONDS = 300
F = TypeVar("F")
_missed: ContextVar[list[str] | None] = ContextVar("missed", default=None)


@contextmanager
def files_missed() -> Iterator[list[str]]:
    """The names of files that are gone or out of reach, for whoever keeps what is made meanwhile.

    What is shown lacks them now, and need not tomorrow.
    """
    missed: list[str] = []
    token = _missed.set(missed)
    try:
        yield missed
    finally:
        _missed.reset(token)


def _miss(name: str) -> None:
    if (missed := _missed.get()) is not None:
        missed.append(name)


@dataclass(frozen=True)
class Picture:
    """A picture as phones get it. ``name`` is its file's name in the storage; sizes in pixels."""

    image_id: int
    name: str
    url: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True)
class Recording:
    """A sound or film as it was uploaded. ``name`` is its file's name in the storage."""

    media_id: int
    name: str
    url: str
    bytes: int
    seconds: int


@dataclass(frozen=True)
class Media:
    """What a document shows, by the number of the original."""

    pictures: Mapping[int, Picture] = field(default_factory=dict)
    recordings: Mapping[int, Recording] = field(default_factory=dict)


def media_of(*documents: Document) -> Media:
    """All of them in reading order, in a handful of queries.

    Pictures not yet made for phones are made now.
    """
    elements = [e for document in documents for e in with_inner(document.elements)]
    return Media(
        _pictures(dict.fromkeys(e.image_id for e in elements if isinstance(e, Figure))),
        recordings_of(dict.fromkeys(e.media_id for e in elements if isinstance(e, Sound | Film))),
    )


def covers_of(ids: Collection[int]) -> dict[int, Picture]:
    """Small pictures for beside a title; one that stays too heavy is not shown."""
    found = _pictures(ids, COVER_SPECS[0])
    heavy = [number for number, cover in found.items() if cover.bytes > COVER_MOST]
    found |= _pictures(heavy, COVER_SPECS[1])
    return {number: cover for number, cover in found.items() if cover.bytes <= COVER_MOST}


def _pictures(ids: Collection[int], spec: str = PHONE_SPEC) -> dict[int, Picture]:
    if not ids:
        return {}
    images = get_image_model()
    made = images.get_rendition_model().objects.filter(image_id__in=ids, filter_spec=spec)
    found = {}
    for rendition in made:
        if picture := _readable(_picture, rendition):
            found[rendition.image_id] = picture
        else:
            # Its file is gone and not only out of reach (that ends in ``_bytes_of``); the original
            # may still be there.
            rendition.delete()
    for image in images.objects.filter(pk__in=set(ids) - found.keys()):
        if picture := _readable(lambda one: _picture(one.get_rendition(spec)), image, making=True):
            found[image.pk] = picture
    return {number: found[number] for number in ids if number in found}


def _readable(read: Callable[[Any], F], of: Any, *, making: bool = False) -> F | None:
    """None where the file is gone or broken; a broken one is not tried again at every request."""
    key = f"unreadable:{of.file.name}"
    if caches["renditions"].get(key):
        _miss(of.file.name)
        return None
    try:
        return read(of)
    except FilesAway:
        _miss(of.file.name)
        return None  # nobody can tell; asked again at the next request
    # Decoders raise whatever they like over a broken file.
    except Exception:
        logger.warning("A file cannot be read: %s", of.file.name, exc_info=True)
        _miss(of.file.name)
        if making:
            caches["renditions"].set(key, True, UNREADABLE_SECONDS)
        return None


def _picture(rendition: Any) -> Picture:
    file = rendition.file
    size = (rendition.width, rendition.height, _bytes_of(file))
    return Picture(rendition.image_id, file.name, rendition.url, *size)


def recordings_of(ids: Collection[int]) -> dict[int, Recording]:
    if not ids:
        return {}
    found = (_readable(_recording, m) for m in get_media_model().objects.filter(pk__in=ids))
    return {recording.media_id: recording for recording in found if recording}


def _recording(media: Any) -> Recording:
    file = media.file
    return Recording(media.pk, file.name, media.url, _bytes_of(file), round(media.duration or 0))


def _bytes_of(file: Any) -> int:
    """Asked of the storage once, then remembered: a file's name changes with its contents.

    0 while the storage is away: where the file is, is known without it.
    """
    key = f"bytes:{file.name}"
    count: int | None = caches["renditions"].get(key)
    if count is None:
        try:
            count = int(file.size)
        except FilesAway:
            _miss(file.name)
            return 0
        caches["renditions"].set(key, count)
    return count


def picture_bytes(image_id: int, spec: str) -> bytes:
    """The picture in one of its forms, made once and kept. Raises DoesNotExist and OSError."""
    image = get_image_model().objects.get(pk=image_id)
    try:
        with image.get_rendition(spec).file.open("rb") as file:
            return bytes(file.read())
    except FileNotFoundError:
        return _made_anew(image, spec)


def _made_anew(image: Any, spec: str) -> bytes:
    """The form was made once and its file is gone; the original may still be there."""
    image.renditions.filter(filter_spec=spec).delete()
    with image.get_rendition(spec).file.open("rb") as file:
        return bytes(file.read())
