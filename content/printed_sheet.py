"""A lesson as a printed sheet: A4, large type, black on white, from the same values as the page.

All text goes to typst as JSON and is never read as markup. The one font is ours (``fonts/``), so
that every machine sets the same pages; what it cannot draw is told on the sheet by number.
"""

import hashlib
import json
from functools import lru_cache
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import segno
import typst
from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime

from content import drawing
from content.catalogue import LessonContent, Piece, Question
from content.reading import PICTURE_SPEC, picture_bytes
from content.single_file import answer_in_words

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
TEMPLATE = HERE / "printed_sheet.typ"
ROUTE_STYLE = (
    "<style>text{font-family:'Noto Sans CJK SC';fill:#000}"
    ".route-line{fill:none;stroke:#555;stroke-width:2.5;stroke-dasharray:7 6}"
    ".route-dot{fill:#fff;stroke:#000;stroke-width:2.5}"
    ".route-number{font-size:19px;text-anchor:middle}"
    ".route-name,.route-when{paint-order:stroke;stroke:#fff;stroke-width:7px}"
    ".route-name{font-size:24px}.route-when{font-size:17px}</style>"
)


def build_sheet(lesson: LessonContent) -> bytes:
    """The PDF; the same bytes for the same revision."""
    files: dict[str, bytes] = {"main.typ": TEMPLATE.read_bytes()}
    told = _told(lesson, files)
    files["lesson.json"] = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        return typst.compile(
            Path(folder) / "main.typ",
            root=Path(folder),
            font_paths=[FONTS],
            ignore_system_fonts=True,
            timestamp=int(lesson.card.updated_at.timestamp()),
        )


@lru_cache(maxsize=1)
def form() -> str:
    """Changes with the looks of the sheet: those kept in storage are then set anew."""
    told = TEMPLATE.read_bytes() + Path(__file__).read_bytes() + settings.PUBLIC_URL.encode()
    return hashlib.sha256(told).hexdigest()[:16]


@lru_cache(maxsize=1)
def covered() -> frozenset[str]:
    """The characters our font can draw."""
    return frozenset((FONTS / "covered.txt").read_text("utf-8")) | {"\n", "\u3000", "\xa0"}


def _told(lesson: LessonContent, files: dict[str, bytes]) -> dict[str, Any]:
    card, quiz = lesson.card, lesson.outline.quiz
    address = settings.PUBLIC_URL + card.url
    files["qr.svg"] = _qr(address)
    told: dict[str, Any] = {
        "title": card.title,
        "course": card.course_title,
        "summary": card.summary,
        "revision": card.revision,
        "date": date_format(localtime(card.updated_at), "Y年n月j日"),
        "minutes": card.minutes,
        "address": address,
        "sections": [
            {
                "title": section.title,
                "optional": not section.required,
                "blocks": blocks_of(section.html),
                "pieces": [_piece(piece, files) for piece in section.pieces],
            }
            for section in lesson.sections
        ],
        "quiz": quiz and {"title": quiz.title, "questions": [_question(q) for q in quiz.questions]},
        "sources": lesson.sources,
    }
    told["missing"] = [f"U+{ord(c):04X}" for c in missing_characters(told)]
    return told


def missing_characters(told: Any) -> list[str]:
    return sorted(set(json.dumps(told, ensure_ascii=False)) - covered())


def _qr(address: str) -> bytes:
    buffer = BytesIO()
    segno.make(address, error="m").save(buffer, kind="svg", border=0, xmldecl=False)
    return buffer.getvalue()


def _question(question: Question) -> dict[str, Any]:
    return {
        "kind": question.kind,
        "stem": question.stem,
        "options": [option.text for option in question.options],
        "answer": answer_in_words(question),
        "explanation": question.explanation,
    }


def _piece(piece: Piece, files: dict[str, bytes]) -> dict[str, Any]:
    value = piece.value
    if piece.kind == "picture":
        picture = value["picture"]
        name = f"picture-{picture.image_id}.webp"
        files[name] = picture_bytes(picture.image_id, PICTURE_SPEC)
        credit = f"{picture.source}，{picture.licence}"
        caption = f"{picture.caption}。{credit}" if picture.caption else credit
        return {"kind": "picture", "file": name, "alt": picture.alt, "caption": caption}
    if piece.kind in ("audio", "video"):
        sound = value["sound"]
        return {"kind": "transcript", "title": sound.title, "text": _lines(sound.transcript)}
    if piece.kind == "route":
        name = f"route-{piece.id}.svg"
        files[name] = _route(value)
        return {"kind": "route", "file": name, **{k: value[k] for k in ("title", "note", "stops")}}
    if piece.kind in ("artefact", "quotation"):
        field = "description" if piece.kind == "artefact" else "text"
        return {"kind": piece.kind, **value, field: _lines(value[field])}
    return {"kind": piece.kind, **value}


def _route(value: dict[str, Any]) -> bytes:
    svg = str(drawing.draw_stops(value["stops"], line=value["line"]))
    head, _, rest = svg.partition(">")
    return f'{head} xmlns="http://www.w3.org/2000/svg">{ROUTE_STYLE}{rest}'.encode()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


# From the editor's rich text to paragraphs and lists --------------------------------------------
def blocks_of(html: str) -> list[dict[str, Any]]:
    """``{kind: p|ul|ol, items: [[{text, bold}]]}``; a paragraph is a list of one item."""
    reader = _RichText()
    reader.feed(html)
    reader.close()
    return [block for block in reader.blocks if any(block["items"])]


class _RichText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[dict[str, Any]] = []
        self._bold = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag in ("ul", "ol"):
            self.blocks.append({"kind": tag, "items": []})
        elif tag == "li" and self.blocks:
            self.blocks[-1]["items"].append([])
        elif tag in ("b", "strong"):
            self._bold += 1
        elif tag == "br":
            self._say("\n")
        elif tag == "p" and not self._in_list():
            self.blocks.append({"kind": "p", "items": [[]]})

    def handle_endtag(self, tag: str) -> None:
        if tag in ("b", "strong"):
            self._bold = max(0, self._bold - 1)
        elif tag in ("ul", "ol"):
            self.blocks.append({"kind": "p", "items": [[]]})

    def handle_data(self, data: str) -> None:
        if data.strip():
            self._say(data)

    def _in_list(self) -> bool:
        return bool(self.blocks) and self.blocks[-1]["kind"] != "p"

    def _say(self, text: str) -> None:
        if not self.blocks or not self.blocks[-1]["items"]:
            self.blocks.append({"kind": "p", "items": [[]]})
        self.blocks[-1]["items"][-1].append({"text": text, "bold": self._bold > 0})
