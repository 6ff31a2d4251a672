"""What a lesson says, block by block in plain words, and which sentences differ between two states.

No database: the words are stored with each revision, so their form is kept as it is. A change of
form would show readers a correction where nothing was corrected.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from html import unescape
from typing import Any
from uuid import UUID

from content.document import Document
from content.elements import (
    Aside,
    Element,
    Figure,
    Film,
    Heading,
    Item,
    List,
    Paragraph,
    Quotation,
    Route,
    SelfCheck,
    Sound,
    Sources,
    Steps,
    Table,
)
from content.outline import Question

# As stored with a revision: block id -> {title, text, section, place}. ``section`` is the section a
# reader opens to see the block; ``place`` is its place in reading order (PostgreSQL keeps none).
Texts = Mapping[str, Mapping[str, Any]]
Lines = Iterable[str]
GAP = "……"


@dataclass(frozen=True)
class ChangedBlock:
    """``before`` and ``after`` are the sentences that differ; empty where there were none.

    ``section_id`` is what a reader opens to see it, None where it is gone; ``stood_in`` the section
    in which it was read, None for title and summary.
    """

    block_id: UUID
    section_id: UUID | None
    title: str
    before: str
    after: str
    stood_in: UUID | None = None

    def without_words(self) -> "ChangedBlock":
        """That something stood here, and no more; its title may be of the words."""
        return replace(self, title="一处内容", before="", after="")


class _Collection:
    """Collects what each block says; elements of one block together."""

    def __init__(self) -> None:
        self.texts: dict[str, dict[str, Any]] = {}

    def add(self, block: str, title: str, lines: Lines, section: str) -> None:
        lines = [line.strip() for line in lines if line and line.strip()]
        if block in self.texts:
            lines.insert(0, self.texts[block]["text"])
            self.texts[block]["text"] = "\n".join(filter(None, lines))
            return
        named = {"title": title.strip(), "text": "\n".join(lines)}
        self.texts[block] = {**named, "section": section, "place": len(self.texts)}


def texts_of(lesson_key: UUID, title: str, summary: str, document: Document) -> Texts:
    """Everything one could have read wrongly: title, sections, captions, questions, sources."""
    collection = _Collection()
    collection.add(str(lesson_key), "标题和摘要", [title, summary], "")
    section = ""
    for element in document.elements:
        if isinstance(element, Heading):
            section = element.block
        if isinstance(element, SelfCheck):
            for cited in element.questions:
                asked = cited.question
                lines = [*_question_lines(asked), *_picture_lines(cited.picture)]
                collection.add(asked.id, f"自测：{asked.stem}", lines, cited.section)
        else:
            collection.add(element.block, _title_of(element), _lines_of(element), section)
    return collection.texts


def _question_lines(question: Question) -> list[str]:
    texts = {option.id: option.text for option in question.options}
    right = question.answer
    if isinstance(right, bool):
        answer = "对" if right else "错"
    elif question.kind == "blank":
        answer = "，或".join(word for line in question.accepted for word in line.split())
    else:
        chosen = [right] if isinstance(right, str) else right
        answer = "，".join(texts[one] for one in chosen if one in texts)
    choices = "，".join(texts.values())
    asked = [question.stem, choices and f"选项：{choices}。", f"答案：{answer}。"]
    return [*asked, question.explanation, question.source]


def _picture_lines(picture: Figure | None) -> Lines:
    if picture is None:
        return []
    return [f"图片：{picture.alt}", picture.source and f"图片来源：{picture.source}"]


def _title_of(element: Element) -> str:
    """What a reader calls the block; the word for its kind where it has no title of its own."""
    own = element.text if isinstance(element, Heading) else getattr(element, "title", "")
    return own or _KIND_WORDS.get(type(element), "正文")


_KIND_WORDS: dict[type[Element], str] = {
    Figure: "图片",
    Table: "表格",
    Quotation: "引文",
    Sources: "资料来源",
}


def _lines_of(element: Element) -> Lines:
    return _LINES[type(element)](element)


def _items(element: List) -> Lines:
    for item in element.items:
        yield from item.text.splitlines()
        yield from _below(item)


def _below(item: Item) -> Lines:
    return _items(item.inner) if item.inner else ()


def _joined(*words: str) -> str:
    return "，".join(filter(None, words))


def _aside_lines(element: Aside) -> Lines:
    return [
        element.title,
        element.subtitle,
        *(one for e in element.elements for one in _lines_of(e)),
    ]


_LINES: dict[type[Element], Callable[[Any], Lines]] = {
    Heading: lambda e: [e.text],
    Paragraph: lambda e: e.text.splitlines(),
    List: _items,
    Figure: lambda e: [e.alt, e.caption, e.source],
    Sound: lambda e: [e.title, e.transcript],
    Film: lambda e: [e.title, e.transcript],
    Table: lambda e: [_joined(*row) for row in (e.header, *e.rows)],
    Steps: lambda e: [_joined(item.date, item.text) for item in e.items],
    Quotation: lambda e: [e.text, e.speaker, e.source],
    Route: lambda e: [_joined(stop.name, stop.when, stop.text) for stop in e.stops],
    Aside: _aside_lines,
    Sources: lambda e: map(str, e.items),
}


def changed_blocks(before: Texts, after: Texts) -> list[ChangedBlock]:
    """Blocks whose words differ, in the reading order of the newer state; removed ones last."""
    places = {key: (0, block["place"]) for key, block in after.items()}
    places |= {key: (1, block["place"]) for key, block in before.items() if key not in after}
    changed = []
    for key in sorted(places, key=places.__getitem__):
        block = after.get(key) or before[key]
        old, new = _text(before, key), _text(after, key)
        was, now = differing(old, new)
        if (was or now) and _without_spaces(old) != _without_spaces(new):
            stood_in = UUID(block["section"]) if block["section"] else None
            section = stood_in if key in after else None
            changed.append(ChangedBlock(UUID(key), section, block["title"], was, now, stood_in))
    return changed


def _text(texts: Texts, key: str) -> str:
    """Texts of older revisions were kept with the signs of HTML escaped."""
    return unescape(texts.get(key, {}).get("text", ""))


def _without_spaces(text: str) -> str:
    """Texts of older revisions have spaces and line ends in other places than today's."""
    return "".join(text.split())


_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]*[”’」』）]*")


def differing(before: str, after: str) -> tuple[str, str]:
    """The sentences of each text that the other has not; sentences that were apart stay so."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    was: list[str] = []
    now: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            was.append("".join(old[a:b]))
            now.append("".join(new[c:d]))
    return GAP.join(filter(None, was)), GAP.join(filter(None, now))
