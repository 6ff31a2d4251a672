"""From items to the blocks of a lesson, in reading order, without ids, pictures by place."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from content.elements import text_of
from content.word_files.captions import with_captions
from content.word_files.cutting import Cut, cut
from content.word_files.items import Grid, Item, Line, Missing, Notes, Picture, note_of
from content.word_files.losses import Losses, size
from content.word_files.rich_lines import stored_html
from content.word_files.sources import HEADINGS, only_cites, source_of

LONGEST_QUOTATION = 300
LONGEST_SUMMARY = 60
A_MINUTE = 300  # characters
MOST_MINUTES = 120
_MARK = re.compile(r"\[注(\d+)\]")
Block = dict[str, Any]  # type and value


@dataclass
class Built:
    title: str
    blocks: list[Block]
    headings: list[str] = field(default_factory=list)
    summary: str = ""
    characters: int = 0

    @property
    def minutes(self) -> int:
        return max(1, min(MOST_MINUTES, round(self.characters / A_MINUTE)))


def build(items: list[Item], levels: dict[int, int], notes: Notes, losses: Losses) -> Built:
    """``levels`` are those of headings, by their place among the items."""
    joined = with_captions(items, levels)
    kept = {at: item for at, item in enumerate(joined) if item is not None}
    moved = {old: new for new, old in enumerate(kept)}
    levels = {moved[at]: level for at, level in levels.items() if at in moved}
    text = cut(list(kept.values()), levels, losses)
    builder = _Builder(losses, notes, text.sections)
    blocks = [block for section in text.sections for block in builder.section(section)]
    blocks += builder.rest()
    built = Built(text.title, blocks, [one.heading for one in text.sections])
    built.characters = sum(size(words) for block in blocks for words in texts_of(block))
    built.summary = _summary(text.sections)
    return built


class _Builder:
    """Of one lesson; sources are gathered for its end."""

    def __init__(self, losses: Losses, notes: Notes, sections: list[Cut]) -> None:
        self._losses = losses
        self._notes = notes.numbered
        in_text = Counter(number for one in sections for number in _marked_in_text(one))
        # Where a mark cannot be taken out again, its note stays a note.
        self._cited = {
            number
            for number, text in self._notes.items()
            if only_cites(text) and in_text[number] == notes.counts[number]
        }
        self._sources: list[dict[str, str]] = []
        self._has_section = False

    def section(self, one: Cut) -> Iterator[Block]:
        if self._has_section and HEADINGS.fullmatch(one.heading.strip()):
            one = self._source_list(one)
            if not one.items:
                return
        yield from self._whole(one, list(_groups(one.items)))

    def _whole(self, one: Cut, groups: list[list[Item]]) -> Iterator[Block]:
        text = next((group for group in groups if group and _is_text(group[0])), [])
        if text and groups[0] is not text:
            self._losses.change("小节开头的图片或表格（挪到第一段文字后面）")
        groups = [group for group in groups if group and group is not text]
        marks: list[int] = []
        html = self._html(text, marks)
        self._has_section = True
        yield {
            "type": "section",
            "value": {"heading": one.heading, "text": html, "required": True},
        }
        for group in groups:
            yield from self._group(group, marks)
        yield from self._note_block(marks)

    def _group(self, group: list[Item], marks: list[int]) -> Iterator[Block]:
        if _is_text(group[0]):
            html = self._html(group, marks)
            yield {"type": "paragraphs", "value": {"text": html}}
            return
        for item in group:
            yield self._single(item, marks)

    def _html(self, group: list[Item], marks: list[int]) -> str:
        lines = (item for item in group if isinstance(item, Line))
        kept = [line for line in map(self._without_cited, lines) if line.text.strip()]
        for line in kept:
            self._note_marks(line.text, marks)
        return stored_html(kept, self._losses)

    def _without_cited(self, line: Line) -> Line:
        """Marks of notes that only cite go, as those become sources."""
        runs = tuple(run for run in line.runs if note_of(run) not in self._cited)
        self._losses.added -= size(line.text) - size(text_of(runs))
        return replace(line, runs=runs)

    def _note_marks(self, text: str, marks: list[int]) -> None:
        marks += [number for number in map(int, _MARK.findall(text)) if number not in marks]

    def _single(self, item: Item, marks: list[int]) -> Block:
        if isinstance(item, Line):
            self._note_marks(item.text, marks)
            return _block("quotation", text=item.text, speaker="", source="")
        if isinstance(item, Grid):
            return self._table(item, marks)
        if isinstance(item, Picture):
            value = {"alt": "", "caption": item.caption, "source": "", "licence": ""}
            return _block("picture", image=item.number, **value)
        assert isinstance(item, Missing)  # noqa: S101  there are no others
        return _block("gap", kind=item.kind, words=item.words[:200], text=item.text)

    def _table(self, grid: Grid, marks: list[int]) -> Block:
        self._note_marks(grid.text, marks)
        cells = {
            "data": [list(row) for row in grid.rows],
            "table_caption": grid.caption,
            "first_row_is_table_header": grid.has_header,
            "first_col_is_header": False,
            "table_header_choice": "row" if grid.has_header else "neither",
            "cell": [],
            "mergeCells": [],
        }
        return _block("table", cells=cells)

    def _note_block(self, marks: list[int]) -> Iterator[Block]:
        items = []
        for number in sorted(marks):
            if number in self._cited:
                continue
            if text := self._notes.pop(number, ""):
                items.append({"mark": self._losses.add(f"注{number}"), "text": text})
        if items:
            yield _block("notes", items=items)

    def _source_list(self, one: Cut) -> Cut:
        """The section without what are sources now."""
        left = Cut(one.heading)
        for item in one.items:
            source = source_of(item.text, self._losses) if isinstance(item, Line) else None
            if source:
                self._sources.append(source)
            else:
                left.items.append(item)
        if not left.items:
            self._losses.drop("标题由“资料来源”代替", one.heading)
        return left

    def rest(self) -> Iterator[Block]:
        """Notes that only cite and sources; notes whose mark stands nowhere."""
        for number in sorted(self._cited):
            self._losses.change("只注明出处的注释（放进资料来源）")
            title = self._notes.pop(number).strip()
            self._sources.append({"title": title, "publisher": "", "reference": ""})
        left = sorted(number for number, text in self._notes.items() if text)
        yield from self._note_block(left)
        if self._sources:
            yield _block("sources", items=self._sources)


def _marked_in_text(section: Cut) -> Iterator[int]:
    for item in _with_whole_quotations(section.items):
        if isinstance(item, Line) and _is_text(item):
            yield from (number for number in map(note_of, item.runs) if number)


def _block(name: str, /, **value: Any) -> Block:
    return {"type": name, "value": value}


def _groups(items: list[Item]) -> Iterator[list[Item]]:
    """Text that stands together is one group; everything else stands alone."""
    group: list[Item] = []
    for item in _with_whole_quotations(items):
        if _is_text(item):
            group.append(item)
            continue
        if group:
            yield group
        group = []
        yield [item]
    if group:
        yield group


def _with_whole_quotations(items: list[Item]) -> Iterator[Item]:
    """Paragraphs of one quotation are one line."""
    before: Line | None = None
    for item in items:
        quoted = isinstance(item, Line) and item.role == "quote"
        if before and quoted and isinstance(item, Line):
            joined = Line((*before.runs, *_on_a_new_line(item)), role="quote")
            if len(joined.text) <= LONGEST_QUOTATION:
                before = joined
                continue
        if before:
            yield before
        before = item if quoted and isinstance(item, Line) else None
        if not before:
            yield item
    if before:
        yield before


def _on_a_new_line(line: Line) -> Any:
    first, *others = line.runs
    return (type(first)("\n" + first.text, first.bold, first.href), *others)


def _is_text(item: Item) -> bool:
    """Whether it is part of running text; a quotation that is too long is."""
    if not isinstance(item, Line):
        return False
    return item.role != "quote" or len(item.text) > LONGEST_QUOTATION


def _summary(sections: list[Cut]) -> str:
    """How the first paragraph begins, up to a full stop: for somebody to write a better one."""
    for section in sections:
        for item in section.items:
            if isinstance(item, Line) and not item.stands_out:
                text = _MARK.sub("", item.text.replace("\n", ""))
                whole = re.match(r"[^。！？]{1,59}[。！？]", text)
                return whole[0] if whole else text[:LONGEST_SUMMARY]
    return ""


_OWN_WORDS = frozenset({"kind", "words", "table_header_choice", "image", "required", "id", "type"})


def texts_of(block: Block) -> Iterator[str]:
    """The words of a block that may come from the file; marks of rich text are none."""
    value = block["value"]
    if block["type"] in ("section", "paragraphs"):
        value = value | {"text": without_marks(value["text"])}
    yield from _texts("", value)


def without_marks(html: str) -> str:
    return unescape(re.sub("<[^>]*>", "", html))


def _texts(name: str, held: Any) -> Iterator[str]:
    if isinstance(held, dict):
        for key, value in sorted(held.items()):  # databases keep keys in orders of their own
            if key not in _OWN_WORDS:
                yield from _texts(key, value)
    elif isinstance(held, list | tuple):
        for one in held:
            yield from _texts(name, one)
    elif isinstance(held, str):
        yield held
