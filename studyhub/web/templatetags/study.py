"""What templates ask for: lessons of the catalogue, and a lesson page put in reading order.

Nothing here knows who is reading: these tags serve pages that are the same bytes for everybody.
"""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import template
from django.core.cache import caches
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from content import catalogue

register = template.Library()

AHEAD = 2  # lessons kept ahead of the one that is read

# What may not stand literally inside a script element.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass
class Part:
    """A section with the blocks that belong to it."""

    section: Any
    blocks: list[Any] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        return UUID(self.section.id)


@dataclass
class LessonView:
    """A lesson page as its template needs it; the StreamField is walked once."""

    key: UUID
    revision: int
    early: list[Any]
    parts: list[Part]
    check: Any | None
    sources: list[Any]
    outline: catalogue.Outline
    course: Any
    next_pages: list[Any]
    spoken: dict[str, str]

    @property
    def following(self) -> Any | None:
        return self.next_pages[0] if self.next_pages else None

    @property
    def quiz(self) -> catalogue.Quiz | None:
        return self.outline.quiz

    @property
    def required_count(self) -> int:
        return len(self.outline.required_sections)

    @property
    def has_sound(self) -> bool:
        blocks = [*self.early, *(b for part in self.parts for b in part.blocks)]
        return any(block.block_type == "audio" for block in blocks)

    def data(self) -> SafeString:
        """What the script needs without the network: required sections, answer key, what a voice
        should say instead of hard names, and the order of sections and options, by which a study
        receipt names them."""
        quiz = self.outline.quiz
        content: dict[str, Any] = {
            "lesson": str(self.key),
            "revision": self.revision,
            "title": self.outline.title,
            "sections": [str(s.id) for s in self.outline.sections],
            "required": [str(s.id) for s in self.outline.sections if s.required],
            "quiz": quiz and _quiz_data(quiz),
            # What a phone keeps ahead of its reader.
            "following": [str(page.translation_key) for page in self.next_pages],
        }
        if self.spoken:
            content["readings"] = self.spoken
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
        return format_html(
            '<script type="application/json" id="lesson-data">{}</script>', mark_safe(text)
        )


def _quiz_data(quiz: catalogue.Quiz) -> dict[str, Any]:
    return {
        "id": quiz.id,
        "required": quiz.required,
        "pass_mark": quiz.pass_mark,
        "questions": [
            {
                "id": q.id,
                "kind": q.kind,
                "options": [option.id for option in q.options],
                "answer": q.answer,
                "accepted": q.accepted,
                "explanation": q.explanation,
                "section": q.section_id and str(q.section_id),
            }
            for q in quiz.questions
        ],
    }


@register.simple_tag
def lesson_view(page: Any) -> LessonView:
    revision = catalogue.current_revisions([page.translation_key]).get(page.translation_key, 0)
    texts = catalogue.section_texts(page)
    view = LessonView(
        key=page.translation_key,
        revision=revision,
        early=[],
        parts=[],
        check=None,
        sources=[],
        # From the page itself, so that a preview shows the questions being written.
        outline=catalogue.outline_of(page, revision),
        course=page.get_parent(),
        next_pages=list(page.get_next_siblings().live().public()[:AHEAD]),
        spoken=catalogue.spoken_in("\n".join(s.heading + s.text for s in texts)),
    )
    for block in page.body:
        _place(block, view)
    return view


def _place(block: Any, view: LessonView) -> None:
    if block.block_type == "section":
        view.parts.append(Part(block))
    elif block.block_type == "self_check":
        view.check = block
    elif block.block_type == "sources":
        view.sources.append(block)
    else:
        (view.parts[-1].blocks if view.parts else view.early).append(block)


@register.simple_tag
def course_cards() -> list[catalogue.CourseCard]:
    return catalogue.courses()


@register.simple_tag
def lesson_cards(course: str | None = None) -> list[catalogue.LessonCard]:
    return catalogue.lessons(course=course)


@register.simple_tag
def first_lessons() -> list[catalogue.LessonCard]:
    """Where somebody without a plan may begin: the first lesson of each course."""
    firsts: dict[str, catalogue.LessonCard] = {}
    for card in catalogue.lessons():
        firsts.setdefault(card.course_slug, card)
    return list(firsts.values())


@register.simple_tag
def site_cards() -> list[Any]:
    return list(catalogue.sites())


@register.simple_tag
def contact_line() -> str:
    home = catalogue.home()
    return home.contact if home else ""


@register.simple_tag
def sound_facts(media: Any) -> str:
    """Length and size, said before anybody spends data on it."""
    minutes, seconds = divmod(round(media.duration or 0), 60)
    length = f"{minutes} 分 {seconds} 秒" if minutes else f"{seconds} 秒"
    return f"{length} · {_size(media.file.size)}" if media.duration else _size(media.file.size)


@register.simple_tag
def file_size(picture: Any) -> str:
    """Of a picture as it is sent. Asked of the file once, then remembered: the name of a rendition
    changes with its contents."""
    return _size(_bytes_of(picture.file))


def _bytes_of(file: Any) -> int:
    key = f"bytes:{file.name}"
    count: int | None = caches["renditions"].get(key)
    if count is None:
        count = int(file.size)
        caches["renditions"].set(key, count)
    return count


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, count // 1000)} KB"


@register.filter
def ruby(html: SafeString) -> SafeString:
    """Pinyin above the hard names of a section's text, the first time each of them stands there."""
    return mark_safe(catalogue.add_ruby(str(html)))


@register.filter
def coordinate(value: float) -> str:
    """One decimal and a point, whatever the locale."""
    return f"{float(value):.1f}"


@register.simple_tag
def status_of(line: Any, lesson: Any) -> str:
    """How a member stands with one lesson of the group's plan."""
    status: str = line.statuses[lesson.lesson_key]
    return status
