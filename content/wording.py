"""What a lesson says, block by block and in plain words, and which sentences differ between two
states of it. No database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.utils.html import strip_tags
from wagtail.rich_text import expand_db_html

from content.models import LessonPage

# As stored with a revision: block id -> {title, text, section, place}. ``section`` is the section a
# reader opens to see the block; ``place`` is its place in reading order (PostgreSQL keeps none).
Texts = Mapping[str, Mapping[str, Any]]
GAP = "……"


@dataclass(frozen=True)
class ChangedBlock:
    """``before`` and ``after`` are the sentences that differ; empty where there were none."""

    block_id: UUID
    section_id: UUID | None
    title: str
    before: str
    after: str


def texts_of(page: LessonPage) -> dict[str, dict[str, Any]]:
    """Everything one could have read wrongly: title, sections, captions, questions, sources."""
    told: dict[str, dict[str, Any]] = {}

    def tell(block_id: object, title: str, lines: list[str], section: str) -> None:
        text = "\n".join(line.strip() for line in lines if line and line.strip())
        told[str(block_id)] = {
            "title": title.strip(),
            "text": text,
            "section": section,
            "place": len(told),
        }

    tell(page.translation_key, "标题和摘要", [page.title, page.summary], "")
    section = ""
    sections = {b.value["heading"].strip(): b.id for b in page.body if b.block_type == "section"}
    for block in page.body:
        if block.block_type == "section":
            section = block.id
        if block.block_type == "self_check":
            for child in block.value["questions"].bound_blocks:
                cited = sections.get(child.value["section"].strip(), "")
                tell(child.id, f"自测：{child.value['stem']}", _question_lines(child.value), cited)
        elif block.block_type in _LINES:
            title, lines = _LINES[block.block_type](block.value)
            tell(block.id, title, lines, section)
    return told


def _section_lines(value: Any) -> tuple[str, list[str]]:
    html = expand_db_html(value["text"].source)
    text = strip_tags(re.sub(r"</(?:p|li)>|<br/?>", r"\g<0>\n", html))
    return value["heading"], [value["heading"], *text.splitlines()]


def _question_lines(value: Any) -> list[str]:
    options = value["options"] if value["kind"] in ("single", "multi") else []
    right = [option["text"] for option in options if option["correct"]]
    answer = {
        "truefalse": "对" if value["truth"] == "true" else "错",
        "blank": "，或".join(value["accepted"].split()),
    }.get(value["kind"], "，".join(right))
    choices = "，".join(option["text"] for option in options)
    asked = [value["stem"], choices and f"选项：{choices}。", f"答案：{answer}。"]
    return [*asked, value["explanation"], value["source"]]


def _title(value: Any, title: str) -> str:
    """``title`` is the field that names the block, or the word for a block without such a field."""
    return value.get(title, title)


def _named(title: str, *names: str):
    def read(value: Any) -> tuple[str, list[str]]:
        return _title(value, title), [value[name] for name in names]

    return read


def _listed(title: str, items: str, *names: str):
    def read(value: Any) -> tuple[str, list[str]]:
        lines = ["，".join(filter(None, (it[name] for name in names))) for it in value[items]]
        return _title(value, title), lines

    return read


_LINES = {
    "section": _section_lines,
    "picture": _named("图片", "alt", "caption", "source"),
    "audio": _named("title", "title", "transcript"),
    "video": _named("title", "title", "transcript"),
    "timeline": _listed("title", "items", "date", "text"),
    "artefact": _named("name", "name", "period", "description", "holder", "question"),
    "quotation": _named("引文", "text", "speaker", "source"),
    "route": _listed("title", "stops", "name", "when", "text"),
    "sources": _listed("资料来源", "items", "title", "publisher", "reference"),
}


def changed_blocks(before: Texts, after: Texts) -> list[ChangedBlock]:
    """Blocks whose words differ, in the reading order of the newer state; removed ones last."""
    places = {key: (0, told["place"]) for key, told in after.items()}
    places |= {key: (1, told["place"]) for key, told in before.items() if key not in after}
    changed = []
    for key in sorted(places, key=places.__getitem__):
        told = after.get(key) or before[key]
        old, new = (texts.get(key, {}).get("text", "") for texts in (before, after))
        if old != new:
            section = UUID(told["section"]) if told["section"] and key in after else None
            changed.append(ChangedBlock(UUID(key), section, told["title"], *differing(old, new)))
    return changed


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
