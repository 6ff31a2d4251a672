"""The only face of content: which lessons are open, what each asks, what each says.

Lessons are named by ``lesson_key`` everywhere (decision 0002). Everything returned is a plain
value.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Max, OuterRef, Subquery
from django.template.loader import render_to_string
from django.utils.html import format_html

from content import searching
from content.cards import CourseCard, Hit, LessonCard
from content.correcting import Correction, changes, corrected, corrections, revisions
from content.finding import PARTLY, Find, ways_to_ask
from content.lexicon import add_ruby, spoken_in
from content.models import CoursePage, HeritageSitePage, HomePage, LessonPage, LessonRevision
from content.outline import Answer, Option, Outline, Question, Quiz, Section
from content.reading import (
    Picture,
    Piece,
    SectionContent,
    Sound,
    outline_of,
    picture_bytes,
    pieces_of,
    plain_text_of,
    sections_of,
    sources_of,
)
from content.searching import pack_index
from content.texts import section_texts
from content.wording import ChangedBlock
from studyhub.core.errors import NotFound

__all__ = [
    "Answer",
    "ChangedBlock",
    "Correction",
    "CourseCard",
    "Hit",
    "LessonCard",
    "LessonContent",
    "Option",
    "Outline",
    "Picture",
    "Piece",
    "Question",
    "Quiz",
    "Section",
    "SectionContent",
    "Sound",
    "add_ruby",
    "changes",
    "content",
    "contents",
    "corrected",
    "corrections",
    "courses",
    "current_revisions",
    "image_jpeg",
    "is_open",
    "lesson",
    "lesson_html",
    "lessons",
    "outline",
    "outline_of",
    "outlines",
    "pack_index",
    "plain_text",
    "revisions",
    "search",
    "section_texts",
    "spoken_in",
    "titles",
    "ways_to_ask",
]


@dataclass(frozen=True)
class LessonContent:
    """A lesson whole. ``cover_image_id`` may be used with ``image_jpeg``."""

    card: LessonCard
    outline: Outline
    sections: list[SectionContent]
    pieces: list[Piece]
    sources: list[dict[str, str]]
    corrections: list[Correction]
    cover_image_id: int | None

    @property
    def text_bytes(self) -> int:
        return sum(len(section.html.encode()) for section in self.sections)

    @property
    def image_bytes(self) -> int:
        return sum(picture.bytes for s in self.sections for picture in s.pictures)

    @property
    def audio_bytes(self) -> int:
        return sum(sound.bytes for s in self.sections for sound in s.sounds)


def courses() -> list[CourseCard]:
    """Open courses in study order."""
    pages = CoursePage.objects.live().public().order_by("path")
    counts = _lesson_counts()
    return [
        CourseCard(p.slug, p.title, p.summary, p.category, p.get_url() or "", counts.get(p.path, 0))
        for p in pages
    ]


def _lesson_counts() -> dict[str, int]:
    counts: dict[str, int] = {}
    for path in LessonPage.objects.open_to_learners().values_list("path", flat=True):
        parent = path[: -LessonPage.steplen]
        counts[parent] = counts.get(parent, 0) + 1
    return counts


def _numbered_pages():
    """Open lesson pages in study order, each with the number of its current revision."""
    latest = (
        LessonRevision.objects.filter(lesson_key=OuterRef("translation_key"))
        .order_by("-revision")
        .values("revision")[:1]
    )
    pages = LessonPage.objects.open_to_learners().in_study_order()
    return pages.annotate(revision=Subquery(latest)).filter(revision__isnull=False)


def lessons(
    keys: Collection[UUID] | None = None,
    *,
    course: str | None = None,
    q: str = "",
    updated_since: datetime | None = None,
) -> list[LessonCard]:
    """Open lessons in study order, those found by ``q`` best first; two queries and the search."""
    found = {UUID(find.lesson): n for n, find in enumerate(searching.search(q))} if q else {}
    pages = _numbered_pages().defer("body")
    if keys is not None:
        pages = pages.filter(translation_key__in=list(keys))
    if updated_since:
        pages = pages.filter(last_published_at__gt=updated_since)
    if q:
        pages = pages.filter(translation_key__in=found)
    parents = _courses_by_path()
    cards = [_card(page, parents) for page in pages]
    cards.sort(key=lambda card: found.get(card.lesson_key, 0))
    return [card for card in cards if course is None or card.course_slug == course]


def search(q: str, limit: int = 20) -> list[Hit]:
    """Lessons in which everything asked for stands, best first; else those with a part of it."""
    finds = searching.search(q, limit=limit)
    cards = {card.lesson_key: card for card in lessons([UUID(find.lesson) for find in finds])}
    return [_hit(cards[key], f) for f in finds if (key := UUID(f.lesson)) in cards]


def _hit(card: LessonCard, found: Find) -> Hit:
    marked = "{}<mark>{}</mark>{}" if found.snippet[1] else "{}{}{}"
    return Hit(
        card=card,
        section_id=UUID(found.section) if found.section else None,
        section_title=found.section_title,
        snippet_html=format_html(marked, *found.snippet),
        partly=found.rank == PARTLY,
    )


def _courses_by_path() -> dict[str, CoursePage]:
    return {page.path: page for page in CoursePage.objects.live().only("path", "slug", "title")}


def _card(page, parents: dict[str, CoursePage]) -> LessonCard:
    parent = parents.get(page.path[: -LessonPage.steplen])
    url = page.get_url() or ""
    return LessonCard(
        lesson_key=page.translation_key,
        slug=page.slug,
        course_slug=parent.slug if parent else "",
        course_title=parent.title if parent else "",
        course_url=f"{url.removesuffix('/').rpartition('/')[0]}/" if parent else "",
        title=page.title,
        summary=page.summary,
        minutes=page.minutes,
        credit_hours=page.credit_hours,
        revision=page.revision,
        updated_at=page.last_published_at,
        url=url,
        page_id=page.pk,
    )


def titles(keys: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Title and path of open lessons, in one small query: for tables that only name them."""
    rows = LessonPage.objects.open_to_learners().filter(translation_key__in=list(keys))
    return {
        key: (title, "/" + url_path.split("/", 2)[2])
        for key, title, url_path in rows.values_list("translation_key", "title", "url_path")
    }


def is_open(lesson_key: UUID) -> bool:
    return _numbered_pages().filter(translation_key=lesson_key).exists()


def lesson(lesson_key: UUID) -> LessonCard:
    """Raises NotFound when there is no such open lesson."""
    return _card(_page(lesson_key), _courses_by_path())


def _page(lesson_key: UUID):
    page = _numbered_pages().filter(translation_key=lesson_key).first()
    if page is None:
        raise NotFound("lesson_not_found", "没有这一课，或者它已经下架。请回到课程列表重新选择。")
    return page


def content(lesson_key: UUID) -> LessonContent:
    """Raises NotFound when there is no such open lesson."""
    return _content(_page(lesson_key), _courses_by_path())


def contents(keys: Collection[UUID]) -> list[LessonContent]:
    """Several whole lessons, newest publication first; for feeds."""
    parents = _courses_by_path()
    pages = _numbered_pages().filter(translation_key__in=list(keys)).order_by("-last_published_at")
    return [_content(page, parents) for page in pages]


def _content(page, parents: dict[str, CoursePage]) -> LessonContent:
    pieces = list(pieces_of(page))
    return LessonContent(
        card=_card(page, parents),
        outline=outline(page.translation_key, page.revision),
        sections=sections_of(page),
        pieces=pieces,
        sources=sources_of(page),
        corrections=corrections(page.translation_key),
        cover_image_id=page.cover_id,
    )


def plain_text(lesson_key: UUID) -> str:
    return plain_text_of(_page(lesson_key))


def lesson_html(lesson_key: UUID) -> str:
    """What stands between the frame of a lesson's page: the same markup as on the site."""
    return render_to_string("content/lesson_body.html", {"page": _page(lesson_key)})


def current_revisions(keys: Iterable[UUID] | None = None) -> dict[UUID, int]:
    """The latest revision of each lesson (default: of all) that was ever published, open or not."""
    rows = LessonRevision.objects.values("lesson_key")
    rows = rows if keys is None else rows.filter(lesson_key__in=list(keys))
    return {r["lesson_key"]: r["latest"] for r in rows.annotate(latest=Max("revision"))}


def outline(lesson_key: UUID, revision: int | None = None) -> Outline:
    """The outline of one revision (default: the latest). Raises NotFound for an unknown lesson or
    number."""
    if revision is None:
        revision = current_revisions([lesson_key]).get(lesson_key, 0)
    return _stored_outline(lesson_key, revision)


def outlines(pairs: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], Outline]:
    """Outlines by (lesson_key, revision); pairs that were never published are left out."""
    found = {}
    for pair in set(pairs):
        try:
            found[pair] = _stored_outline(*pair)
        except NotFound:
            continue
    return found


@lru_cache(maxsize=4096)
def _stored_outline(lesson_key: UUID, revision: int) -> Outline:
    """A stored outline never changes, so every process may keep it."""
    row = LessonRevision.objects.of(lesson_key).filter(revision=revision).first()
    if row is None:
        raise NotFound("lesson_not_found", "没有这一课，或者它还没有发布过。")
    return Outline.from_json(lesson_key, revision, row.outline)


def image_jpeg(image_id: int, *, width: int) -> bytes:
    """The picture as JPEG no wider than ``width`` pixels, for platforms that take nothing newer."""
    return picture_bytes(image_id, f"width-{width}|format-jpeg|jpegquality-82|bgcolor-ffffff")


def home() -> HomePage | None:
    return HomePage.objects.live().first()


def sites() -> list[HeritageSitePage]:
    return list(HeritageSitePage.objects.live().public().order_by("path"))
