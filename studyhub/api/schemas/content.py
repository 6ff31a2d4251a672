from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from studyhub.api.types import In

Kind = Literal["single", "multi", "truefalse", "blank"]


class CourseOut(Schema):
    slug: str
    title: str
    summary: str
    category: str
    url: str
    lesson_count: int


class CourseList(Schema):
    items: list[CourseOut]
    next: str | None


class LessonCardOut(Schema):
    id: UUID
    slug: str
    course: str
    title: str
    summary: str
    revision: int
    updated_at: datetime
    url: str
    minutes: int
    credit_hours: Decimal


class LessonList(Schema):
    items: list[LessonCardOut]
    next: str | None


class AudioOut(Schema):
    title: str
    url: str
    bytes: int
    seconds: int
    machine_voice: bool
    transcript: str


class ImageOut(Schema):
    url: str
    width: int
    height: int
    bytes: int
    alt: str
    caption: str
    source: str
    licence: str


class SectionOut(Schema):
    id: UUID
    title: str
    required: bool
    text_html: str
    audio: list[AudioOut]
    images: list[ImageOut]


class OptionOut(Schema):
    id: str
    text: str


class QuestionImageOut(Schema):
    """``url`` is null while the file cannot be shown; ``alt`` says what is on it."""

    url: str | None
    alt: str
    source: str


class QuestionOut(Schema):
    """``answer`` is the very value to send for a right answer."""

    id: str
    stem: str
    kind: Kind
    options: list[OptionOut]
    answer: str | bool | list[str]
    accepted: list[str]
    explanation: str
    section_id: UUID | None
    source: str
    fixed_order: bool
    image: QuestionImageOut | None


class QuizOut(Schema):
    """Who knows ``draw`` and ``shuffle`` follows decision 0049; who does not shows everything."""

    id: str
    title: str
    required: bool
    pass_mark: int
    draw: int = Field(description="每次抽几道，0 是全部")
    shuffle: bool = Field(description="打乱选项")
    questions: list[QuestionOut]


class BytesOut(Schema):
    text: int
    images: int
    audio: int


class CorrectionOut(Schema):
    """Every publication after the first. ``minor`` ones change no meaning."""

    revision: int
    at: datetime
    change: Literal["minor", "fact", "important"]
    note: str


class LessonOut(LessonCardOut):
    required_sections: list[UUID]
    sections: list[SectionOut]
    quiz: QuizOut | None
    sources: list[dict[str, Any]]
    languages: list[str]
    bytes: BytesOut
    corrections: list[CorrectionOut]


class PiecesOut(Schema):
    """What to ask of a long part with ``Range``, and how to check each answer."""

    bytes: int = Field(description="每段多少字节，最后一段可以短些")
    sha256: list[str]


class AssetOut(Schema):
    """``optional`` parts (sound, film) are stored only when the reader asks; a ``font`` is that of
    another script."""

    url: str
    sha256: str
    bytes: int
    role: Literal["text", "search", "image", "audio", "video", "font"]
    type: str
    optional: bool
    pieces: PiecesOut | None = None


class PackOut(Schema):
    """``bytes`` counts what is stored without asking: text and pictures."""

    id: UUID
    revision: int
    version: str
    change: Literal["minor", "major"]
    url: str
    title: str
    course: str
    course_title: str
    minutes: int
    bytes: int
    assets: list[AssetOut]


class ManifestOut(Schema):
    cursor: str
    lessons: list[PackOut]
    removed: list[UUID]


class TierIn(In):
    """1: opens without a network. 2: goes on while the page is open. 0: keeps nothing."""

    tier: Literal[0, 1, 2]
