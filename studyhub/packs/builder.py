"""Building packs: immutable, hashed parts, the same bytes at every build of the same revision."""

import hashlib
import json
import logging
import mimetypes
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.templatetags.static import static

from content import catalogue
from content.catalogue import Picture, Recording
from content.elements import Figure, Film, Sound, with_inner
from studyhub.packs.models import PackHead, put_head

logger = logging.getLogger(__name__)
Part = dict[str, Any]
FORMAT = 2
PIECE = 1024 * 1024  # bytes; a phone that loses its signal loses no more than one of them


def build_pack(lesson_key: UUID) -> None:
    """Bring the head of a lesson up to date with what is published. Safe to repeat.

    Files are written before the head names them, so a phone never learns of a part that is not
    there.
    """
    if not catalogue.is_open(lesson_key):
        withdraw(lesson_key)
        return
    catalogue.draw_twins(lesson_key)
    lesson = catalogue.content(lesson_key)
    files = {
        "lesson.html": ("text", catalogue.lesson_html(lesson_key).encode()),
        "search.json": ("search", _search_part(lesson_key)),
    }
    version, facts = _version_of(lesson, files), _facts(lesson)
    head = PackHead.objects.filter(lesson_key=lesson_key).first()
    if head and head.version == version and head.facts == facts:
        return
    parts = [
        _store(f"packs/{lesson_key}/{version}/{name}", role, data)
        for name, (role, data) in files.items()
    ]
    parts += _media(lesson)
    parts += _fonts(lesson)
    parts += _drawn(lesson)
    with transaction.atomic():
        put_head(
            lesson_key,
            change=_change(head, lesson),
            revision=lesson.card.revision,
            version=version,
            facts=facts,
            parts=parts,
        )


def withdraw(lesson_key: UUID) -> None:
    """Phones remove this lesson at their next contact. Nothing happens where none could hold it."""
    held = PackHead.objects.in_force().filter(lesson_key=lesson_key).exists()
    if held:
        with transaction.atomic():
            put_head(lesson_key, change=PackHead.Change.WITHDRAWN, version="", parts=[], facts={})


def stale_lessons() -> Iterator[UUID]:
    """Lessons whose head does not say what is published now; what a lost hint left behind."""
    heads = {head.lesson_key: head for head in PackHead.objects.in_force()}
    for card in catalogue.lessons():
        head = heads.pop(card.lesson_key, None)
        if head is None or (head.revision, head.facts["path"]) != (card.revision, card.url):
            yield card.lesson_key
    yield from heads  # no longer open


def _facts(lesson: catalogue.LessonContent) -> dict[str, Any]:
    card = lesson.card
    return {
        "path": card.url,
        "title": card.title,
        "course": card.course_slug,
        "course_title": card.course_title,
        "minutes": card.minutes,
    }


def _search_part(lesson_key: UUID) -> bytes:
    index = catalogue.pack_index(lesson_key)
    return json.dumps(index, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _version_of(lesson: catalogue.LessonContent, files: dict[str, tuple[str, bytes]]) -> str:
    digest = hashlib.sha256(f"{FORMAT}:{lesson.card.revision}".encode())
    for name, (_, data) in sorted(files.items()):
        digest.update(name.encode() + hashlib.sha256(data).digest())
    return digest.hexdigest()[:32]


def _store(name: str, role: str, data: bytes) -> Part:
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(data))
    return _part(f"/{name}", role, data, optional=False)


def _media(lesson: catalogue.LessonContent) -> Iterator[Part]:
    """Pictures belong to the pack; sound and film only by the reader's choice."""
    seen: set[str] = set()
    for role, file in _files(lesson):
        if file is None or file.url in seen:
            continue
        seen.add(file.url)
        if data := _read(file.name):
            yield _part(file.url, role, data, optional=role != "image")


def _fonts(lesson: catalogue.LessonContent) -> Iterator[Part]:
    """Of a lesson with Mongolian: one file, which a phone stores once for all its lessons."""
    if lesson.twins:
        url = static(catalogue.MONGOLIAN_FONT)
        yield _part(url, "font", catalogue.mongolian_font(), optional=False)


def _drawn(lesson: catalogue.LessonContent) -> Iterator[Part]:
    """Mongolian as pictures: which phone needs them is known there alone."""
    for file in (one for twin in lesson.twins.values() for one in twin.pictures):
        if data := _read(file.name):
            yield _part(file.url, "image", data, optional=False)


def _read(name: str) -> bytes:
    """Empty where the file has gone since the lesson was looked at: the pack is whole without."""
    try:
        with default_storage.open(name) as opened:
            return bytes(opened.read())
    except OSError:
        logger.warning("A file of a pack is gone: %s", name, exc_info=True)
        return b""


def _files(lesson: catalogue.LessonContent) -> Iterator[tuple[str, Picture | Recording | None]]:
    """In reading order, each with its role in the pack; first the cover beside the title."""
    if lesson.cover_image_id:
        yield "image", catalogue.covers_of([lesson.cover_image_id]).get(lesson.cover_image_id)
    for element in with_inner(lesson.document.elements):
        if isinstance(element, Figure):
            yield "image", lesson.media.pictures.get(element.image_id)
        elif isinstance(element, Sound | Film):
            role = "audio" if isinstance(element, Sound) else "video"
            yield role, lesson.media.recordings.get(element.media_id)
    yield from (("audio", sound) for sound in lesson.twin_sounds)


def _part(url: str, role: str, data: bytes, *, optional: bool) -> Part:
    part = {
        "url": url,
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "role": role,
        "type": mimetypes.guess_type(url)[0] or "application/octet-stream",
        "optional": optional,
    }
    if optional and len(data) > PIECE:
        cut = [data[at : at + PIECE] for at in range(0, len(data), PIECE)]
        part["pieces"] = {
            "bytes": PIECE,
            "sha256": [hashlib.sha256(one).hexdigest() for one in cut],
        }
    return part


def _change(head: PackHead | None, lesson: catalogue.LessonContent) -> str:
    """Major where the meaning or the questions changed for somebody who holds the one before."""
    if head is None or head.change == PackHead.Change.WITHDRAWN or not head.revision:
        return PackHead.Change.MINOR
    key = lesson.card.lesson_key
    before, after = catalogue.outline(key, head.revision), lesson.outline
    same = before.quiz == after.quiz and before.sections == after.sections
    corrections = catalogue.changes(key, head.revision)
    return PackHead.Change.MINOR if same and not corrections else PackHead.Change.MAJOR
