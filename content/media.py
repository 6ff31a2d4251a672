"""The files behind figures, sounds and films: where phones fetch them, how large they are.

Elements name originals by number; whoever shows a document asks here once for all of them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import caches
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.document import Document
from content.elements import Aside, Element, Figure, Film, Sound

PHONE_SPEC = "width-960|format-webp"


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
    elements = [e for document in documents for e in _all(document.elements)]
    return Media(
        _pictures(dict.fromkeys(e.image_id for e in elements if isinstance(e, Figure))),
        _recordings(dict.fromkeys(e.media_id for e in elements if isinstance(e, Sound | Film))),
    )


def _all(elements: Iterable[Element]) -> Iterator[Element]:
    for element in elements:
        yield element
        if isinstance(element, Aside):
            yield from _all(element.elements)


def _pictures(ids: Collection[int]) -> dict[int, Picture]:
    if not ids:
        return {}
    images = get_image_model()
    made = images.get_rendition_model().objects.filter(image_id__in=ids, filter_spec=PHONE_SPEC)
    found = {rendition.image_id: _picture(rendition) for rendition in made}
    for image in images.objects.filter(pk__in=set(ids) - found.keys()):
        found[image.pk] = _picture(image.get_rendition(PHONE_SPEC))
    return {number: found[number] for number in ids if number in found}


def _picture(rendition: Any) -> Picture:
    file = rendition.file
    size = (rendition.width, rendition.height, _bytes_of(file))
    return Picture(rendition.image_id, file.name, rendition.url, *size)


def _recordings(ids: Collection[int]) -> dict[int, Recording]:
    if not ids:
        return {}
    return {
        media.pk: Recording(
            media.pk, media.file.name, media.url, _bytes_of(media.file), round(media.duration or 0)
        )
        for media in get_media_model().objects.filter(pk__in=ids)
    }


def _bytes_of(file: Any) -> int:
    """Asked of the storage once, then remembered: a file's name changes with its contents."""
    key = f"bytes:{file.name}"
    count: int | None = caches["renditions"].get(key)
    if count is None:
        count = int(file.size)
        caches["renditions"].set(key, count)
    return count


def picture_bytes(image_id: int, spec: str) -> bytes:
    """The picture in one of its forms, made once and kept. Raises DoesNotExist and OSError."""
    with get_image_model().objects.get(pk=image_id).get_rendition(spec).file.open("rb") as file:
        return bytes(file.read())
