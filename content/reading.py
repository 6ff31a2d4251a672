"""From a lesson page's blocks to plain values: outline, sections with their media, plain text."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.html import strip_tags
from wagtail.rich_text import expand_db_html

from content.models import LessonPage
from content.outline import Option, Outline, Question, Quiz, Section

PICTURE_SPEC = "width-960|format-webp"


@dataclass(frozen=True)
class Sound:
    """``name`` is the file's name in the storage; ``url`` is where phones fetch it."""

    title: str
    name: str
    url: str
    bytes: int
    seconds: int
    machine_voice: bool
    transcript: str


@dataclass(frozen=True)
class Picture:
    """``image_id`` is for whoever needs the original; ``url`` is the rendition for phones, ``name``
    its file's name in the storage."""

    image_id: int
    name: str
    url: str
    width: int
    height: int
    bytes: int
    alt: str
    caption: str
    source: str
    licence: str


@dataclass(frozen=True)
class Piece:
    """One block in reading order, as plain values. ``kind`` is the block type's name."""

    id: UUID
    kind: str
    value: dict[str, Any]


@dataclass
class SectionContent:
    id: UUID
    title: str
    required: bool
    html: str
    pieces: list[Piece] = field(default_factory=list)

    @property
    def pictures(self) -> list[Picture]:
        return [p.value["picture"] for p in self.pieces if p.kind == "picture"]

    @property
    def sounds(self) -> list[Sound]:
        return [p.value["sound"] for p in self.pieces if p.kind == "audio"]


def outline_of(page: LessonPage, revision: int) -> Outline:
    sections = tuple(
        Section(UUID(b.id), b.value["heading"].strip(), bool(b.value["required"]))
        for b in page.body
        if b.block_type == "section"
    )
    by_heading = {section.title: section.id for section in sections}
    checks = [b for b in page.body if b.block_type == "self_check"]
    quiz = _quiz_of(checks[0], by_heading) if checks else None
    return Outline(page.translation_key, revision, page.title, sections, quiz)


def _quiz_of(block, by_heading: dict[str, UUID]) -> Quiz:
    questions = tuple(
        _question_of(child.id, child.value, by_heading)
        for child in block.value["questions"].bound_blocks
    )
    value = block.value
    return Quiz(block.id, value["title"], bool(value["required"]), value["pass_mark"], questions)


def _question_of(question_id: str, value, by_heading: dict[str, UUID]) -> Question:
    kind = value["kind"]
    children = value["options"].bound_blocks if kind in ("single", "multi") else []
    options = tuple(Option(child.id, child.value["text"]) for child in children)
    right = [child.id for child in children if child.value["correct"]]
    accepted = tuple(line.strip() for line in value["accepted"].splitlines() if line.strip())
    answer: str | bool | list[str]
    if kind == "single":
        answer = right[0] if right else ""
    elif kind == "multi":
        answer = right
    elif kind == "truefalse":
        answer = value["truth"] == "true"
    else:
        answer = accepted[0] if accepted else ""
    return Question(
        id=question_id,
        kind=kind,
        stem=value["stem"],
        options=options,
        answer=answer,
        accepted=accepted if kind == "blank" else (),
        explanation=value["explanation"],
        section_id=by_heading.get(value["section"].strip()),
        source=value["source"],
    )


def content_hash(page: LessonPage) -> str:
    """Equal for two states of a lesson exactly when a reader would see the same."""
    seen = {
        "title": page.title,
        "summary": page.summary,
        "minutes": page.minutes,
        "credit_hours": str(page.credit_hours),
        "cover": page.cover_id,
        "body": page.body.get_prep_value(),
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def pieces_of(page: LessonPage) -> Iterator[Piece]:
    """Every block in reading order, the self-check left out (it travels as ``Outline.quiz``)."""
    for block in page.body:
        read = _READERS.get(block.block_type)
        if read:
            yield Piece(UUID(block.id), block.block_type, read(block.value))


def sections_of(page: LessonPage) -> list[SectionContent]:
    """Sections with what follows each of them; what stands before the first belongs to the
    first."""
    sections: list[SectionContent] = []
    early: list[Piece] = []
    for piece in pieces_of(page):
        if piece.kind == "section":
            value = piece.value
            sections.append(
                SectionContent(piece.id, value["heading"], value["required"], value["html"])
            )
            sections[-1].pieces.extend(early)
            early = []
        elif piece.kind != "sources":
            (sections[-1].pieces if sections else early).append(piece)
    return sections


def sources_of(page: LessonPage) -> list[dict[str, str]]:
    return [item for p in pieces_of(page) if p.kind == "sources" for item in p.value["items"]]


def plain_text_of(page: LessonPage) -> str:
    """Title, headings and paragraphs, one to a line; for search, feeds without HTML and key
    points."""
    lines = [page.title]
    for section in sections_of(page):
        text = strip_tags(section.html.replace("</p>", "</p>\n").replace("<br/>", "\n"))
        lines += [section.title, *filter(None, map(str.strip, text.splitlines()))]
    return "\n".join(lines)


def _read_section(value) -> dict[str, Any]:
    return {
        "heading": value["heading"].strip(),
        "required": bool(value["required"]),
        "html": expand_db_html(value["text"].source),
    }


def _read_picture(value) -> dict[str, Any]:
    rendition = value["image"].get_rendition(PICTURE_SPEC)
    picture = Picture(
        image_id=value["image"].pk,
        name=rendition.file.name,
        url=rendition.url,
        width=rendition.width,
        height=rendition.height,
        bytes=rendition.file.size,
        alt=value["alt"],
        caption=value["caption"],
        source=value["source"],
        licence=value["licence"],
    )
    return {"picture": picture}


def picture_bytes(image_id: int, spec: str) -> bytes:
    """The picture in one of its forms; the form is made once and kept."""
    from wagtail.images import (
        get_image_model,
    )  # the image model is a setting, known once apps are ready

    with get_image_model().objects.get(pk=image_id).get_rendition(spec).file.open("rb") as file:
        return file.read()


def _read_sound(value) -> dict[str, Any]:
    media = value["media"]
    sound = Sound(
        title=value["title"],
        name=media.file.name,
        url=media.url,
        bytes=media.file.size,
        seconds=round(media.duration or 0),
        machine_voice=value.get("voice") == "machine",
        transcript=value["transcript"],
    )
    return {"sound": sound}


def _read_plainly(*names: str):
    def read(value) -> dict[str, Any]:
        return {name: value[name] for name in names}

    return read


def _read_items(*names: str, title: bool = True):
    def read(value) -> dict[str, Any]:
        items = [{name: item[name] for name in names} for item in value["items"]]
        return {"title": value["title"], "items": items} if title else {"items": items}

    return read


def _read_route(value) -> dict[str, Any]:
    names = ("name", "lon", "lat", "when", "text")
    stops = [{name: stop[name] for name in names} for stop in value["stops"]]
    return {
        "title": value["title"],
        "note": value["note"],
        "line": bool(value["line"]),
        "stops": stops,
    }


_READERS = {
    "section": _read_section,
    "picture": _read_picture,
    "audio": _read_sound,
    "video": _read_sound,
    "timeline": _read_items("date", "text"),
    "artefact": _read_plainly("name", "period", "description", "holder", "question"),
    "quotation": _read_plainly("text", "speaker", "source"),
    "route": _read_route,
    "sources": _read_items("title", "publisher", "reference", title=False),
}
