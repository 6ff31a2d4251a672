"""A lesson as one HTML file that travels in a chat and opens without network and without script.

It lives beside the catalogue because it is made of nothing but content: the same values for
everybody, no learner in it. Built twice, it is the same to the byte.
"""

import base64
import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from content.catalogue import LessonContent, Question, Twin, beside, mongolian_font, twin_html
from content.document import SectionContent
from content.element_html import elements_html
from content.elements import Element
from content.media import PHONE_SPEC, Media, picture_bytes
from content.units import HEAD
from studyhub.core.errors import Invalid
from studyhub.core.qr_codes import qr_picture
from studyhub.organisation.models import Organisation

logger = logging.getLogger(__name__)
TEMPLATES = settings.BASE_DIR / "templates"
ELEMENTS = "elements/single_file"
GOAL = 1_500_000  # bytes; above it pictures become smaller
LIMIT = 5_000_000  # bytes; above it pictures are left out, and said to be
# Looks and pictures are in the file; nothing is run, nothing is fetched, wherever it is opened.
NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
SPECS = (PHONE_SPEC, "width-640|format-webp|webpquality-60")


def form() -> str:
    """Changes with the looks of the file: copies kept elsewhere are then fetched anew."""
    return hashlib.sha256(f"{_looks()}{Organisation.current().state}".encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _looks() -> str:
    frame = [TEMPLATES / "content" / name for name in ("single_file.html", "single_file.css")]
    frame += [
        TEMPLATES / "components" / name
        for name in ("twin.html", "mongolian.css", "mongolian_file.css")
    ]
    elements = sorted((TEMPLATES / "elements").rglob("*.html"))
    code = [Path(__file__), Path(__file__).with_name("element_html.py")]
    parts = b"".join(part.read_bytes() for part in [*frame, *elements, *code])
    return hashlib.sha256(parts + settings.PUBLIC_URL.encode()).hexdigest()[:16]


def build_single_file(lesson: LessonContent) -> bytes:
    """Raises Invalid ``pack_too_large`` when even without pictures it is larger than ``LIMIT``."""
    pictures = list(lesson.media.pictures)
    empty = _render(lesson, dict.fromkeys(pictures, ""))
    if len(empty) > LIMIT:
        raise Invalid(
            "pack_too_large",
            f"这一课的文字超过 {LIMIT // 1_000_000} MB，不能存成一个文件。请编辑把它分成几课。",
        )
    return _render(lesson, _shown(pictures, len(empty))) if pictures else empty


def _shown(pictures: list[int], text_bytes: int) -> dict[int, str]:
    """The largest form of all pictures that meets the goal; else those that fit, in order.

    A ``data:`` address by the picture's number, empty for one that is left out.
    """
    data: dict[int, str] = {}
    for spec in SPECS:
        data = {image_id: _data_address(image_id, spec) for image_id in pictures}
        if text_bytes + sum(map(len, data.values())) <= GOAL:
            return data
    room = LIMIT - text_bytes
    for image_id, address in data.items():
        data[image_id] = address if len(address) <= room else ""
        room -= len(data[image_id])
    return data


def _data_address(image_id: int, spec: str) -> str:
    """Empty where the picture has gone since the lesson was looked at."""
    try:
        data = picture_bytes(image_id, spec)
    except (ObjectDoesNotExist, OSError):
        logger.warning("Picture %s cannot go into a file", image_id, exc_info=True)
        return ""
    return "data:image/webp;base64," + base64.b64encode(data).decode()


def _render(lesson: LessonContent, data: Mapping[int, str]) -> bytes:
    card, document = lesson.card, lesson.document
    media = _embedded(lesson.media, data)
    address = f"{settings.PUBLIC_URL}/c/{card.lesson_key}/?v={card.revision}"
    context = {
        "policy": NOTHING_RUNS,
        "organisation": Organisation.current(),
        "lesson": lesson,
        "card": card,
        "font": _font_address() if lesson.twins else "",
        "head_twin": _twin(lesson.twins.get(HEAD)),
        "early": _with_twins([(False, document.early)], lesson, media),
        "sections": [_section(section, lesson, media) for section in document.sections],
        "quiz": lesson.outline.quiz,
        "answers": _answers(lesson, media),
        "left_out": sum(not address for address in data.values()),
        "address": address,
        "lesson_url": settings.PUBLIC_URL + card.url,
        "qr": qr_picture(address),
    }
    return render_to_string("content/single_file.html", context).encode()


def _embedded(media: Media, data: Mapping[int, str]) -> Media:
    pictures = {key: replace(one, url=data[key]) for key, one in media.pictures.items()}
    return replace(media, pictures=pictures)


def _section(
    section: SectionContent, lesson: LessonContent, media: Media
) -> tuple[SectionContent, SafeString, SafeString]:
    text = _html(section.text, media) + _twin(lesson.twins.get(str(section.id)))
    return section, text, _with_twins(section.rest_in_groups, lesson, media)


def _with_twins(
    groups: list[tuple[bool, tuple[Element, ...]]], lesson: LessonContent, media: Media
) -> SafeString:
    """Elements in their groups, each with the twins of the blocks that end there."""
    parts = []
    for _, elements, twins in beside(groups, lesson.twins):
        parts += [_html(elements, media), *map(_twin, twins)]
    return mark_safe("\n".join(parts))


def _twin(twin: Twin | None) -> SafeString:
    return twin_html(twin, plays=False)


def _font_address() -> str:
    return "data:font/woff2;base64," + base64.b64encode(mongolian_font()).decode()


def _html(elements: tuple[Element, ...], media: Media) -> SafeString:
    """Links to our own pages lead there from a file, too."""
    html = elements_html(elements, media, ELEMENTS)
    return mark_safe(html.replace('href="/', f'href="{settings.PUBLIC_URL}/'))


def _answers(lesson: LessonContent, media: Media) -> list[tuple[Question, str, str, SafeString]]:
    """Each question with its answer in words, the title of the section it comes from, and its
    picture."""
    quiz = lesson.outline.quiz
    titles = {section.id: section.title for section in lesson.outline.sections}
    pictures = lesson.document.question_pictures
    return [
        (
            q,
            answer_in_words(q),
            titles.get(q.section_id, "") if q.section_id else "",
            _html((pictures[q.id],) if q.id in pictures else (), media),
        )
        for q in (quiz.questions if quiz else ())
    ]


def answer_in_words(question: Question) -> str:
    if isinstance(question.answer, bool):
        return "对" if question.answer else "错"
    if question.kind == "blank":
        return str(question.answer)
    given = [question.answer] if isinstance(question.answer, str) else question.answer
    return "；".join(option.text for option in question.options if option.id in given)
