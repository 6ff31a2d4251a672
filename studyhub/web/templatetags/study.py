"""What templates ask for: lessons of the catalogue, and a lesson page put in reading order.

Nothing here knows who is reading: these tags serve pages that are the same bytes for everybody.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import template
from django.utils.safestring import SafeString, mark_safe

from content import catalogue
from content.document import Document
from content.elements import Element, Sound, Sources
from studyhub.organisation.models import Organisation
from studyhub.people.models import Contact, Member
from studyhub.web.embedded import embedded_json

register = template.Library()

AHEAD = 2  # lessons kept ahead of the one that is read


@dataclass(frozen=True)
class LessonView:
    """A lesson page as its template needs it."""

    key: UUID
    revision: int
    revised_at: datetime | None
    document: Document
    media: catalogue.Media
    # From the page itself, so that a preview shows the questions being written.
    outline: catalogue.Outline
    cover: catalogue.Picture | None
    course: Any
    next_pages: list[Any]
    spoken: dict[str, str]
    twins: catalogue.Twins

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
    def first_sound(self) -> int | None:
        """The number of the recording that the head leads to; its place is called by it."""
        return next((sound.media_id for sound in self.document.of_type(Sound)), None)

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
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return embedded_json("lesson-data", text)


def _quiz_data(quiz: catalogue.Quiz) -> dict[str, Any]:
    """What varies is said only of a self-check that does: other pages stay the same bytes."""
    varies = {"draw": quiz.draw if quiz.draws else 0, "shuffle": quiz.shuffle}
    return {
        "id": quiz.id,
        "required": quiz.required,
        "pass_mark": quiz.pass_mark,
        **(varies if quiz.varies else {}),
        "questions": [
            {
                "id": q.id,
                "kind": q.kind,
                "options": [option.id for option in q.options],
                "answer": q.answer,
                "accepted": q.accepted,
                "explanation": q.explanation,
                "section": q.section_id and str(q.section_id),
                **({"fixed": True} if quiz.shuffle and catalogue.keeps_order(q) else {}),
            }
            for q in quiz.questions
        ],
    }


@register.simple_tag
def lesson_view(page: Any) -> LessonView:
    key = page.translation_key
    published = catalogue.publications([key]).get(key, {})
    revision = max(published, default=0)
    document = catalogue.document_of(page.body)
    texts = catalogue.section_texts(document)
    return LessonView(
        key=key,
        revision=revision,
        revised_at=published.get(revision),
        document=document,
        media=catalogue.media_of(document),
        outline=document.outline(key, revision, page.title),
        cover=catalogue.covers_of([page.cover_id]).get(page.cover_id) if page.cover_id else None,
        course=page.get_parent(),
        next_pages=catalogue.following(page, AHEAD),
        spoken=catalogue.spoken_in("\n".join(s.heading + s.text for s in texts)),
        twins=catalogue.shown_twins(page),
    )


@register.simple_tag
def lesson_history(page: Any) -> list[catalogue.Publication]:
    """更正记录, the newest first."""
    return catalogue.history(page.translation_key)


@register.simple_tag
def show(elements: Iterable[Element], media: catalogue.Media) -> SafeString:
    """Elements as they look on our pages."""
    return catalogue.elements_html(elements, media, "elements/page")


@register.simple_tag
def question_picture(lesson: LessonView, question_id: str) -> SafeString:
    """The picture above the options; empty where a question has none."""
    figure = lesson.document.question_pictures.get(question_id)
    return show([figure] if figure else [], lesson.media)


@register.simple_tag
def show_twin(lesson: LessonView, block: Any) -> SafeString:
    """What stands beside this block in Mongolian, if anything does."""
    return catalogue.twin_html(lesson.twins.get(str(block)))


@register.simple_tag
def twin(found: catalogue.Twin) -> SafeString:
    return catalogue.twin_html(found)


@register.simple_tag
def with_twins(lesson: LessonView, groups: Any) -> Any:
    """Groups of elements, each with the twins that stand behind it."""
    return catalogue.beside(groups, lesson.twins)


@register.simple_tag
def show_sources(document: Document, media: catalogue.Media) -> SafeString:
    return show(document.of_type(Sources), media)


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
def featured_lessons() -> list[catalogue.LessonCard]:
    """Whose day of the year it is."""
    return catalogue.featured()


@register.simple_tag
def covers(cards: Iterable[catalogue.LessonCard]) -> dict[int, catalogue.Picture]:
    """The covers of these lessons, by their numbers: asked for once for a whole list."""
    return catalogue.covers_of({card.cover_id for card in cards if card.cover_id})


@register.filter
def of_cover(covers: dict[int, catalogue.Picture], card: catalogue.LessonCard) -> Any:
    return covers.get(card.cover_id) if card.cover_id else None


@register.filter
def at_key(cards: dict[UUID, catalogue.LessonCard], key: UUID) -> catalogue.LessonCard | None:
    return cards.get(key)


@register.simple_tag
def site_cards() -> list[Any]:
    return list(catalogue.sites())


@register.simple_tag
def organisation() -> Organisation:
    """Whose words the page is in; the frame of every page asks once."""
    return Organisation.current()


@register.simple_tag
def sound_facts(file: catalogue.Recording) -> str:
    """Length and size, said before anybody spends data on it."""
    minutes, seconds = divmod(file.seconds, 60)
    length = f"{minutes} 分 {seconds} 秒" if minutes else f"{seconds} 秒"
    return f"{length} · {file_size(file.bytes)}" if file.seconds else file_size(file.bytes)


@register.filter
def file_size(count: int) -> str:
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
def trades() -> list[tuple[str, str]]:
    """The kinds of work to choose from."""
    return list(Member.Trade.choices)


@register.simple_tag
def contact_outcomes() -> list[tuple[str, str]]:
    """What may come of a call."""
    return list(Contact.Outcome.choices)


@register.filter
def month(value: str) -> str:
    """2027-01 in words: 2027年1月."""
    return f"{value[:4]}年{int(value[5:])}月" if value else ""
