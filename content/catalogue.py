"""The only face of content: which lessons are open, what each asks, what each says.

Lessons are named by ``lesson_key`` everywhere (decision 0002). Everything returned is a plain
value.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.html import format_html

from content import search_index
from content.cards import Brief, CourseCard, Hit, LessonCard
from content.document import Document, document_of
from content.element_html import elements_html
from content.elements import Sound
from content.exhibits import Exhibit, exhibits_of
from content.featured import featured
from content.history import Publication, history, history_addresses, newest_change
from content.lesson_lists import (
    LessonSelection,
    card_of,
    courses_of,
    lessons,
    newest_lessons,
    numbered_pages,
)
from content.lexicon import add_ruby, spoken_in
from content.media import (
    Media,
    Picture,
    Recording,
    covers_of,
    files_missed,
    media_of,
    picture_bytes,
)
from content.models import CoursePage, LessonPage
from content.open_files import is_file_for, is_open_file
from content.oral_histories import refused_for
from content.outline import Answer, Option, Outline, Question, Quiz, Section
from content.problems import note_pack_problem, settle_pack_problem
from content.proof_reading import proofs_against
from content.question_draw import as_shown, is_drawn, keeps_order
from content.revisions import (
    Correction,
    changes,
    corrected,
    corrections,
    current_revisions,
    newest_and_corrected,
    outline,
    outlines,
    publications,
    revisions,
    told_corrections,
)
from content.search_index import pack_index
from content.search_rules import PARTLY, Find, ways_to_ask
from content.search_text import section_texts
from content.sites import exhibit_addresses, former_addresses, site_version, sites
from content.text_diff import ChangedBlock
from content.twins.html import FONT as MONGOLIAN_FONT
from content.twins.html import font_bytes as mongolian_font
from content.twins.html import twin_html
from content.twins.pictures import can_draw, draw_twins, is_drawing
from content.twins.shown import CHINESE, Twin, Twins, beside, languages_of, shown_twins
from content.units import certificate_of, units_of
from content.videos.rendering import vertical_video_of
from content.videos.tools import can_film
from studyhub.core.errors import NotFound

__all__ = [
    "MONGOLIAN_FONT",
    "Answer",
    "Brief",
    "ChangedBlock",
    "Correction",
    "CourseCard",
    "Document",
    "Exhibit",
    "Hit",
    "LessonCard",
    "LessonContent",
    "LessonSelection",
    "Media",
    "Option",
    "Outline",
    "Picture",
    "Publication",
    "Question",
    "Quiz",
    "Recording",
    "Section",
    "Twin",
    "Twins",
    "add_ruby",
    "as_shown",
    "beside",
    "briefs",
    "can_draw",
    "can_film",
    "certificate",
    "changes",
    "content",
    "contents",
    "corrected",
    "corrections",
    "courses",
    "covers_of",
    "current_revisions",
    "document_of",
    "draw_twins",
    "elements_html",
    "exhibit_addresses",
    "exhibits_of",
    "featured",
    "files_missed",
    "following",
    "former_addresses",
    "history",
    "history_addresses",
    "image_jpeg",
    "is_drawing",
    "is_drawn",
    "is_file_for",
    "is_open",
    "is_open_file",
    "keeps_order",
    "lesson",
    "lesson_html",
    "lessons",
    "media_of",
    "mongolian_font",
    "newest_and_corrected",
    "newest_change",
    "newest_lessons",
    "note_pack_problem",
    "outline",
    "outlines",
    "pack_index",
    "proofs_against",
    "publications",
    "refused_for",
    "revisions",
    "search",
    "section_texts",
    "settle_pack_problem",
    "shown_twins",
    "site_version",
    "sites",
    "spoken_in",
    "titles",
    "told_corrections",
    "twin_html",
    "vertical_video_of",
    "ways_to_ask",
]


@dataclass(frozen=True)
class LessonContent:
    """A lesson whole. ``cover_image_id`` may be used with ``image_jpeg``; ``twins`` and
    ``languages`` are known where one lesson was asked for."""

    card: LessonCard
    outline: Outline
    document: Document
    media: Media
    corrections: list[Correction]
    cover_image_id: int | None
    twins: Twins = field(default_factory=dict)
    languages: tuple[str, ...] = (CHINESE,)

    @property
    def text_bytes(self) -> int:
        texts = (section.running_text for section in self.document.sections)
        return sum(len(elements_html(text, self.media).encode()) for text in texts)

    @property
    def image_bytes(self) -> int:
        drawn = sum(file.bytes for twin in self.twins.values() for file in twin.pictures)
        return sum(picture.bytes for picture in self.media.pictures.values()) + drawn

    @property
    def audio_bytes(self) -> int:
        sounds = {sound.media_id for sound in self.document.of_type(Sound)}
        heard = [r for number, r in self.media.recordings.items() if number in sounds]
        return sum(one.bytes for one in [*heard, *self.twin_sounds])

    @property
    def twin_sounds(self) -> list[Recording]:
        """What is read aloud in another language."""
        return [twin.sound for twin in self.twins.values() if twin.sound]


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


def search(q: str, limit: int = 20) -> list[Hit]:
    """Lessons in which everything asked for stands, best first; else those with a part of it."""
    finds = search_index.search(q, limit=limit)
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


def following(page: LessonPage, most: int) -> list[LessonPage]:
    """The open lessons that come next in the course."""
    siblings = LessonPage.objects.open_to_learners().sibling_of(page, inclusive=False)
    return list(siblings.filter(path__gt=page.path).defer("body").in_study_order()[:most])


def briefs(keys: Collection[UUID]) -> dict[UUID, Brief]:
    """Open lessons in one small query: for lists that only name them."""
    rows = LessonPage.objects.open_to_learners().filter(translation_key__in=list(keys))
    return {
        key: Brief(title, "/" + url_path.split("/", 2)[2], minutes)
        for key, title, url_path, minutes in rows.values_list(
            "translation_key", "title", "url_path", "minutes"
        )
    }


def titles(keys: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Title and path of open lessons."""
    return {key: (brief.title, brief.url) for key, brief in briefs(keys).items()}


def names(keys: Collection[UUID]) -> dict[UUID, str]:
    """Titles, also of lessons that were taken down: for those who have to do without them."""
    rows = LessonPage.objects.filter(translation_key__in=list(keys))
    return dict(rows.values_list("translation_key", "title"))


def is_open(lesson_key: UUID) -> bool:
    return numbered_pages().filter(translation_key=lesson_key).exists()


def lesson(lesson_key: UUID) -> LessonCard:
    """Raises NotFound when there is no such open lesson."""
    page = _page(lesson_key)
    return card_of(page, courses_of([page]))


def _page(lesson_key: UUID) -> LessonPage:
    page = numbered_pages().filter(translation_key=lesson_key).first()
    if page is None:
        raise NotFound("lesson_not_found", "没有这一课，或者它已经下架。请回到课程列表重新选择。")
    return page


def content(lesson_key: UUID) -> LessonContent:
    """Raises NotFound when there is no such open lesson."""
    page = _page(lesson_key)
    twins = shown_twins(page)
    languages = tuple(languages_of(page, twins))
    return replace(_content(page, courses_of([page])), twins=twins, languages=languages)


def certificate(lesson_key: UUID) -> str:
    """The number of the 审核表 of what is open now. Raises NotFound as ``content`` does."""
    return certificate_of(units_of(_page(lesson_key)))


def contents(keys: Collection[UUID]) -> list[LessonContent]:
    """Several whole lessons, newest revision first; for feeds."""
    found = numbered_pages().filter(translation_key__in=list(keys))
    pages = list(found.order_by("-revised_at", "path"))
    parents = courses_of(pages)
    return [_content(page, parents) for page in pages]


def _content(page: Any, parents: dict[str, CoursePage]) -> LessonContent:
    document = document_of(page.body)
    return LessonContent(
        card=card_of(page, parents),
        outline=outline(page.translation_key, page.revision),
        document=document,
        media=media_of(document),
        corrections=corrections(page.translation_key),
        cover_image_id=page.cover_id,
    )


def lesson_html(lesson_key: UUID) -> str:
    """What stands between the frame of a lesson's page: the same markup as on the site."""
    return render_to_string("content/lesson_body.html", {"page": _page(lesson_key)})


def image_jpeg(image_id: int, *, width: int) -> bytes:
    """The picture as JPEG no wider than ``width`` pixels, for platforms that take nothing newer."""
    return picture_bytes(image_id, f"width-{width}|format-jpeg|jpegquality-82|bgcolor-ffffff")
