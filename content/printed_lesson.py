"""A lesson as a printed sheet: A4, large type, black on white, from the same values as the page.

What our font cannot draw is listed on it by number.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils.formats import date_format
from django.utils.timezone import localtime

from content.catalogue import LessonContent, Question
from content.drawing import draw_route
from content.elements import (
    Aside,
    Element,
    Figure,
    Film,
    Item,
    List,
    Paragraph,
    Quotation,
    Route,
    Runs,
    Sound,
    Steps,
    Table,
)
from content.media import PHONE_SPEC, picture_bytes
from content.single_file import answer_in_words
from content.typesetting import FONTS, MAIN, typeset, typeset_pages
from studyhub.core.characters import clean_all
from studyhub.core.qr_codes import qr_file
from studyhub.organisation.models import Organisation

logger = logging.getLogger(__name__)
HERE = Path(__file__).parent
TEMPLATE = HERE / "printed_lesson.typ"
SCREEN = 80  # dots an inch: large type can be read, and a page stays small
ROUTE_STYLE = (
    "<style>text{font-family:'Noto Sans CJK SC';fill:#000}"
    ".route-line{fill:none;stroke:#555;stroke-width:2.5;stroke-dasharray:7 6}"
    ".route-dot{fill:#fff;stroke:#000;stroke-width:2.5}"
    ".route-number{font-size:19px;text-anchor:middle}"
    ".route-name,.route-when{paint-order:stroke;stroke:#fff;stroke-width:7px}"
    ".route-name{font-size:24px}.route-when{font-size:17px}</style>"
)


def build_printed_lesson(lesson: LessonContent) -> bytes:
    """The PDF; the same bytes for the same revision."""
    return typeset(_files(lesson), timestamp=int(lesson.card.updated_at.timestamp()))


def build_printed_pages(lesson: LessonContent) -> list[bytes]:
    """The same sheet, page by page as PNG."""
    return typeset_pages(_files(lesson), ppi=SCREEN)


def _files(lesson: LessonContent) -> dict[str, bytes]:
    files: dict[str, bytes] = {MAIN: TEMPLATE.read_bytes()}
    sheet = clean_all(_sheet_data(lesson, files))
    files["lesson.json"] = json.dumps(sheet, ensure_ascii=False).encode("utf-8", "replace")
    return files


def form() -> str:
    """Changes with the looks of the sheet: those kept in storage are then set anew."""
    return hashlib.sha256(f"{_looks()}{Organisation.current().state}".encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _looks() -> str:
    looks = (TEMPLATE, Path(__file__), HERE / "typesetting.py", FONTS / "covered.txt")
    parts = b"".join(path.read_bytes() for path in looks) + settings.PUBLIC_URL.encode()
    return hashlib.sha256(parts).hexdigest()[:16]


@lru_cache(maxsize=1)
def covered() -> frozenset[str]:
    """The characters our font can draw."""
    return frozenset((FONTS / "covered.txt").read_text("utf-8")) | {"\n", "\u3000", "\xa0"}


def _sheet_data(lesson: LessonContent, files: dict[str, bytes]) -> dict[str, Any]:
    card, quiz = lesson.card, lesson.outline.quiz
    address = settings.PUBLIC_URL + card.url
    files["qr.svg"] = qr_file(address, quiet=0)
    data: dict[str, Any] = {
        "organisation": Organisation.current().shown_name,
        "title": card.title,
        "course": card.course_title,
        "summary": card.summary,
        "revision": card.revision,
        "date": date_format(localtime(card.updated_at), "Y年n月j日"),
        "minutes": card.minutes,
        "address": address,
        "early": _elements(lesson.document.early, files),
        "sections": [
            {
                "title": section.title,
                "optional": not section.required,
                "elements": _elements(section.elements, files),
            }
            for section in lesson.document.sections
        ],
        "quiz": quiz and {"title": quiz.title, "questions": _questions(lesson, files)},
        "sources": list(map(str, lesson.document.sources)),
    }
    data["missing"] = [f"U+{ord(c):04X}" for c in missing_characters(data)]
    return data


def missing_characters(data: Any) -> list[str]:
    return sorted(set(json.dumps(data, ensure_ascii=False)) - covered())


def _questions(lesson: LessonContent, files: dict[str, bytes]) -> list[dict[str, Any]]:
    quiz, pictures = lesson.outline.quiz, lesson.document.question_pictures
    shown = {key: _figure(figure, files) for key, figure in pictures.items()}
    return [_question(q) | {"picture": shown.get(q.id)} for q in (quiz.questions if quiz else ())]


def _question(question: Question) -> dict[str, Any]:
    return {
        "kind": question.kind,
        "stem": question.stem,
        "options": [option.text for option in question.options],
        "answer": answer_in_words(question),
        "explanation": question.explanation,
    }


def _elements(elements: Iterable[Element], files: dict[str, bytes]) -> list[dict[str, Any]]:
    """As plain dictionaries; ``files`` receives the pictures they show."""
    return [
        {"kind": element.kind, **_FIELDS[type(element)](element, files)} for element in elements
    ]


def _paragraph(element: Paragraph, files: dict[str, bytes]) -> dict[str, Any]:
    return {"runs": _runs(element.runs), "label": element.label, "role": element.role}


def _runs(runs: Runs) -> list[dict[str, Any]]:
    return [{"text": run.text, "bold": run.bold} for run in runs]


def _list(element: List, files: dict[str, bytes]) -> dict[str, Any]:
    return {"ordered": element.ordered, "items": [_item(item, files) for item in element.items]}


def _item(item: Item, files: dict[str, bytes]) -> dict[str, Any]:
    return {"runs": _runs(item.runs), "inner": item.inner and _list(item.inner, files)}


def _figure(element: Figure, files: dict[str, bytes]) -> dict[str, Any]:
    name = f"picture-{element.image_id}.webp"
    caption = "。".join(filter(None, (element.caption, element.credit)))
    try:
        files[name] = picture_bytes(element.image_id, PHONE_SPEC)
    except (ObjectDoesNotExist, OSError):
        logger.warning("Picture %s cannot be printed", element.image_id, exc_info=True)
        name = ""
    return {"file": name, "alt": element.alt, "caption": caption}


def _transcript(element: Sound | Film, files: dict[str, bytes]) -> dict[str, Any]:
    word = "录音" if isinstance(element, Sound) else "视频"
    return {"title": f"{word}文字稿：{element.title}", "text": _lines(element.transcript)}


def _table(element: Table, files: dict[str, bytes]) -> dict[str, Any]:
    return {"title": element.title, "header": element.header, "rows": element.rows}


def _steps(element: Steps, files: dict[str, bytes]) -> dict[str, Any]:
    return {"title": element.title, "items": [[item.date, item.text] for item in element.items]}


def _quotation(element: Quotation, files: dict[str, bytes]) -> dict[str, Any]:
    return {"text": _lines(element.text), "credit": element.credit}


def _route(element: Route, files: dict[str, bytes]) -> dict[str, Any]:
    name = f"route-{element.block}.svg"
    head, _, rest = str(draw_route(element.stops, line=element.line)).partition(">")
    svg = f'{head} xmlns="http://www.w3.org/2000/svg">{ROUTE_STYLE}{rest}'
    files[name] = svg.encode()
    stops = [{"name": s.name, "when": s.when, "text": s.text} for s in element.stops]
    return {"file": name, "title": element.title, "note": element.note, "stops": stops}


def _aside(element: Aside, files: dict[str, bytes]) -> dict[str, Any]:
    inner = _elements(element.elements, files)
    return {"title": element.title, "subtitle": element.subtitle, "elements": inner}


# The template's dictionary ``element-kinds`` has the same keys. Headings, self-check and sources
# stand elsewhere on the sheet.
_FIELDS: dict[type[Element], Callable[[Any, dict[str, bytes]], dict[str, Any]]] = {
    Paragraph: _paragraph,
    List: _list,
    Figure: _figure,
    Sound: _transcript,
    Film: _transcript,
    Table: _table,
    Steps: _steps,
    Quotation: _quotation,
    Route: _route,
    Aside: _aside,
}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
