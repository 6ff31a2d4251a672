"""What a lesson says, as plain text by section: for the search and the voice. Makes no pictures."""

from dataclasses import dataclass
from typing import Any

from wagtail.rich_text import get_text_for_indexing

from content.models import LessonPage


@dataclass(frozen=True)
class SectionText:
    """``text`` is one line: the paragraphs, then the words of what follows the section."""

    id: str
    heading: str
    text: str


def section_texts(page: LessonPage) -> list[SectionText]:
    """Sections in reading order; what stands before the first belongs to the first."""
    heads: list[tuple[str, str]] = []
    lines: list[list[str]] = []
    early: list[str] = []
    for block in page.body:
        if block.block_type == "section":
            heads.append((str(block.id), block.value["heading"].strip()))
            lines.append([get_text_for_indexing(block.value["text"].source), *early])
            early = []
        elif block.block_type in _WORDS:
            told = _words_of(block.value, _WORDS[block.block_type])
            (lines[-1] if lines else early).extend(told)
    texts = [" ".join(" ".join(parts).split()) for parts in lines]
    return [SectionText(*head, text) for head, text in zip(heads, texts, strict=True)]


def _words_of(value: Any, names: tuple[str, ...]) -> list[str]:
    """``items.date+text`` stands for these fields of each item, item by item."""
    found = []
    for name in names:
        outer, _, inner = name.partition(".")
        if inner:
            found += [str(item[field] or "") for item in value[outer] for field in inner.split("+")]
        else:
            found.append(str(value[outer] or ""))
    return found


_WORDS: dict[str, tuple[str, ...]] = {
    "picture": ("caption",),
    "audio": ("title", "transcript"),
    "video": ("title", "transcript"),
    "timeline": ("title", "items.date+text"),
    "artefact": ("name", "period", "description", "question"),
    "quotation": ("text", "speaker"),
    "route": ("title", "stops.name+when+text"),
}
