"""Courses and lessons, for everybody."""

import hashlib
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from ninja import Query, Router
from ninja.throttling import AnonRateThrottle

from content import catalogue, single_file
from content.catalogue import LessonCard, LessonContent, Picture, Recording
from content.document import SectionContent
from content.elements import Figure, Sound
from studyhub.api.errors import PROBLEM_RESPONSES
from studyhub.api.pagination import PageQuery, page_of
from studyhub.api.schemas.content import CourseList, LessonList, LessonOut, ManifestOut, TierIn
from studyhub.api.types import Moment, Words
from studyhub.core.errors import Invalid
from studyhub.packs.heads import heads_since
from studyhub.packs.models import PackHead
from studyhub.packs.phones import count_phone

router = Router(tags=["内容"])

PACKS_AT_ONCE = 20


@router.get("/courses", response={200: CourseList, **PROBLEM_RESPONSES})
def list_courses(request: HttpRequest, page: Query[PageQuery]) -> dict[str, Any]:
    items, following = page_of(catalogue.courses(), page)
    return {"items": items, "next": following}


@router.get("/lessons", response={200: LessonList, **PROBLEM_RESPONSES})
def list_lessons(
    request: HttpRequest,
    page: Query[PageQuery],
    course: Words | None = None,
    q: Words = "",
    updated_since: Moment | None = None,
) -> dict[str, Any]:
    selection = catalogue.LessonSelection(course, q, updated_since)
    items, following = page_of(selection, page)
    return {"items": [_card(request, card) for card in items], "next": following}


@router.get("/lessons/{lesson_id}", response={200: LessonOut, 304: None, **PROBLEM_RESPONSES})
def get_lesson(request: HttpRequest, lesson_id: UUID, response: HttpResponse) -> Any:
    """With a strong ``ETag``; ``If-None-Match`` answers 304."""
    lesson = catalogue.content(lesson_id)
    etag = _etag(lesson.card, _beside_the_revision(lesson))
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    if fresh := get_conditional_response(request, etag=etag):
        fresh["Cache-Control"] = response["Cache-Control"]
        return fresh
    return _lesson(request, lesson)


@router.get(
    "/offline/manifest",
    response={200: ManifestOut, 304: None, **PROBLEM_RESPONSES},
    exclude_unset=True,
)
def get_manifest(
    request: HttpRequest, response: HttpResponse, since: str = "", ids: str = ""
) -> Any:
    """What phones may keep, newer than ``since`` (the cursor of the last answer).

    With ``ids`` (comma-separated) only these lessons: how a phone begins to keep one.
    """
    heads = heads_since(since, _read_ids(ids))
    answer = {
        "cursor": heads.cursor,
        "lessons": [_pack(request, head) for head in heads.current],
        "removed": heads.removed,
    }
    etag = f'"{hashlib.sha256(repr(answer).encode()).hexdigest()[:32]}"'
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    if fresh := get_conditional_response(request, etag=etag):
        fresh["Cache-Control"] = response["Cache-Control"]
        return fresh
    return answer


class TierThrottle(AnonRateThrottle):
    """Counted apart from other routes; many phones may share an address."""

    scope = "tiers"


@router.post(
    "/offline/tier",
    response={204: None, **PROBLEM_RESPONSES},
    throttle=TierThrottle("120/h"),
)
def count_tier(request: HttpRequest, data: TierIn) -> HttpResponse:
    """Without a name: what a phone found it can do without a network. Only counted, by month."""
    count_phone(data.tier, request.headers.get("User-Agent", ""))
    return HttpResponse(status=204)


def _read_ids(text: str) -> list[UUID]:
    try:
        ids = [UUID(part) for part in text.split(",") if part]
    except ValueError:
        detail = "ids 应是用逗号隔开的课的标识，请对照接口文档。"
        raise Invalid("bad_ids", detail) from None
    if len(ids) > PACKS_AT_ONCE:
        raise Invalid("too_many_ids", f"一次最多问 {PACKS_AT_ONCE} 课，请分几次问。")
    return ids


def _pack(request: HttpRequest, head: PackHead) -> dict[str, Any]:
    facts = {name: value for name, value in head.facts.items() if name != "path"}
    return {
        "id": head.lesson_key,
        "revision": head.revision,
        "version": head.version,
        "change": head.change,
        "url": request.build_absolute_uri(head.facts["path"]),
        **facts,
        "bytes": head.required_bytes,
        "assets": [{**part, "url": request.build_absolute_uri(part["url"])} for part in head.parts],
    }


@router.get(
    "/lessons/{lesson_id}/pack",
    response={200: None, 304: None, **PROBLEM_RESPONSES},
    openapi_extra={"responses": {200: {"content": {"text/html": {}}}}},
)
def get_single_file(request: HttpRequest, lesson_id: UUID) -> HttpResponse:
    """One self-contained HTML file: opens with the network off and JavaScript off."""
    lesson = catalogue.content(lesson_id)
    form = f"single file {single_file.form()}{_beside_the_revision(lesson)}"
    etag = _etag(lesson.card, form)
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        built = single_file.build_single_file(lesson)
        answer = HttpResponse(built, content_type="text/html; charset=utf-8")
    name = get_valid_filename(f"{lesson.card.title}-第{lesson.card.revision}版.html")
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Content-Security-Policy"] = single_file.NOTHING_RUNS
    answer["ETag"] = etag
    answer["Cache-Control"] = "public, max-age=0, must-revalidate"
    return answer


def _beside_the_revision(lesson: LessonContent) -> str:
    """What may change without a new revision: a tag given late, files made anew, twins signed."""
    return repr((lesson.corrections, lesson.media, lesson.twins, lesson.languages))


def _etag(card: LessonCard, form: str = "") -> str:
    return f'"{hashlib.sha256(f"{card!r}{form}".encode()).hexdigest()[:32]}"'


def _card(request: HttpRequest, card: LessonCard) -> dict[str, Any]:
    return {
        "id": card.lesson_key,
        "slug": card.slug,
        "course": card.course_slug,
        "title": card.title,
        "summary": card.summary,
        "revision": card.revision,
        "updated_at": card.updated_at,
        "url": request.build_absolute_uri(card.url),
        "minutes": card.minutes,
        "credit_hours": card.credit_hours,
    }


def _lesson(request: HttpRequest, lesson: LessonContent) -> dict[str, Any]:
    return {
        **_card(request, lesson.card),
        "required_sections": sorted(lesson.outline.required_sections),
        "sections": [_section(s, lesson) for s in lesson.document.whole_sections],
        "quiz": _quiz(lesson),
        "sources": [asdict(source) for source in lesson.document.sources],
        "languages": list(lesson.languages),
        "bytes": {
            "text": lesson.text_bytes,
            "images": lesson.image_bytes,
            "audio": lesson.audio_bytes,
        },
        "corrections": [
            {"revision": c.revision, "at": c.published_at, "change": c.change, "note": c.note}
            for c in lesson.corrections
        ],
    }


def _quiz(lesson: LessonContent) -> dict[str, Any] | None:
    """An order that stays because of its words is told like one that is ticked."""
    quiz = lesson.outline.quiz
    if quiz is None:
        return None
    told = [
        asdict(one)
        | {
            "image": _question_image(lesson, one.id),
            "fixed_order": catalogue.keeps_order(one) if quiz.shuffle else one.fixed_order,
        }
        for one in quiz.questions
    ]
    return asdict(quiz) | {"questions": told}


def _question_image(lesson: LessonContent, question_id: str) -> dict[str, Any] | None:
    figure = lesson.document.question_pictures.get(question_id)
    if figure is None:
        return None
    file = lesson.media.pictures.get(figure.image_id)
    return {"url": file and file.url, "alt": figure.alt, "source": figure.source}


def _section(section: SectionContent, lesson: LessonContent) -> dict[str, Any]:
    """Sounds and pictures stand in lists of their own; everything else is in ``text_html``."""
    texts = [e for e in section.elements if not isinstance(e, Sound | Figure)]
    return {
        "id": section.id,
        "title": section.title,
        "required": section.required,
        "text_html": catalogue.elements_html(texts, lesson.media),
        "audio": [
            _with_file(e, file)
            for e in section.of_type(Sound)
            if (file := lesson.media.recordings.get(e.media_id))
        ],
        "images": [
            _with_file(e, picture)
            for e in section.of_type(Figure)
            if (picture := lesson.media.pictures.get(e.image_id))
        ],
    }


def _with_file(element: Sound | Figure, file: Recording | Picture) -> dict[str, Any]:
    return asdict(element) | asdict(file)
