"""A reading order cut into a title and sections."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from content.elements import Run
from content.word_files.headings import LONGEST, split_level
from content.word_files.items import Item, Line
from content.word_files.losses import Losses
from content.word_files.sources import HEADINGS

LONGEST_TITLE = 60
OPENING, WHOLE = "前言", "正文"


@dataclass
class Cut:
    """A section on its way; ``heading`` is empty where the file gives none."""

    heading: str
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class CutText:
    title: str
    sections: list[Cut]


def cut(items: Sequence[Item], levels: dict[int, int], losses: Losses) -> CutText:
    """Headings deeper than sections are bold lines; those above are the title, or bold lines."""
    place, title = _title(items, levels)
    split = split_level([level for at, level in levels.items() if at != place])
    sections = [Cut("")]
    for at, item in enumerate(items):
        if at == place:
            continue
        if isinstance(item, Line) and (
            levels.get(at) == split or _names_sources(item, at, len(items))
        ):
            sections.append(Cut(item.text))
        elif at in levels and isinstance(item, Line):
            losses.change("更深或更浅一级的标题（小节里的粗体行）")
            sections[-1].items.append(_bold(item))
        else:
            sections[-1].items.append(item)
    return CutText(title, _named(sections, losses))


def _names_sources(line: Line, at: int, count: int) -> bool:
    """参考文献 near the end is a heading, however it looks."""
    return at * 2 > count and not line.depth and bool(HEADINGS.fullmatch(line.text.strip()))


def _title(items: Sequence[Item], levels: dict[int, int]) -> tuple[int | None, str]:
    """Where it stands, and what it says."""
    lines = [(at, item) for at, item in enumerate(items) if isinstance(item, Line)]
    for at, item in lines:
        if item.role == "title" and 0 < len(item.text) <= LONGEST_TITLE:
            return at, item.text
    if not lines:
        return None, ""
    at, first = lines[0]
    if at in levels:
        is_alone = list(levels.values()).count(levels[at]) == 1
        above = all(levels[at] < level for other, level in levels.items() if other != at)
        return (at, first.text) if is_alone and above else (None, "")
    return (at, first.text) if _looks_like_title(first) else (None, "")


def _looks_like_title(line: Line) -> bool:
    text = line.text.strip()
    ends = text.endswith(tuple("。；：，,;:"))
    return line.stands_out and not line.depth and len(text) <= LONGEST and not ends


def _bold(line: Line) -> Line:
    return replace(line, runs=(Run(line.text, bold=True),), level=0, role="")


def _named(sections: list[Cut], losses: Losses) -> list[Cut]:
    """Every section has a heading of its own: questions cite sections by it."""
    if not sections[0].items and len(sections) > 1:
        sections = sections[1:]
    if not sections[0].heading:
        sections[0].heading = losses.add(OPENING if len(sections) > 1 else WHOLE)
        losses.warn(f"开头的文字没有标题，小节暂时叫“{sections[0].heading}”，请改成合适的标题。")
    seen: set[str] = set()
    for section in sections:
        section.heading = _unlike(section.heading, seen, losses)
        seen.add(section.heading)
    return sections


def _unlike(heading: str, seen: set[str], losses: Losses) -> str:
    count, made = 1, heading
    while made in seen:
        count += 1
        mark = f"（{count}）"
        made = heading[: LONGEST - len(mark)] + mark
    if count > 1:
        losses.change("同名的小节标题（后面加了序号）")
        losses.add(f"（{count}）")
        losses.drop("同名标题放不下的尾巴", heading[LONGEST - len(f"（{count}）") :])
    return made
