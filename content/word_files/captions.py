"""Captions: lines beside a picture or a table that say what it shows."""

import re
from collections.abc import Collection
from dataclasses import replace

from content.word_files.items import Grid, Item, Line, Picture

LONGEST = 80  # as the picture block has it
_PICTURE = re.compile(r"图\s*[0-9０-９一二三四五六七八九十]+")
_TABLE = re.compile(r"表\s*[0-9０-９一二三四五六七八九十]+")
_REACH = 2  # lines


def with_captions(items: list[Item], headings: Collection[int]) -> list[Item | None]:
    """Each caption in its picture or table; None where it stood, so that places stay."""
    joined: list[Item | None] = list(items)
    for place, item in enumerate(items):
        if isinstance(item, Picture):
            _join(joined, place, _behind(joined, place, headings), _PICTURE)
        elif isinstance(item, Grid) and not item.caption:
            places = [*_before(joined, place, headings), *_behind(joined, place, headings)]
            _join(joined, place, places, _TABLE)
    return joined


def _join(joined: list[Item | None], place: int, places: list[int], words: re.Pattern[str]) -> None:
    item = joined[place]
    for one in places:
        line = joined[one]
        if isinstance(line, Line) and _is_caption(line, words):
            assert isinstance(item, Picture | Grid)  # noqa: S101  only these are asked for
            joined[place] = replace(item, caption=line.text)
            joined[one] = None
            return


def _is_caption(line: Line, words: re.Pattern[str]) -> bool:
    text = line.text.strip()
    if not text or len(text) > LONGEST or "\n" in text or line.level:
        return False
    other = _TABLE if words is _PICTURE else _PICTURE
    if line.role == "caption":
        return not other.match(text)
    return bool(words.match(text)) and not text.endswith(("。", "；", "："))


def _behind(items: list[Item | None], place: int, headings: Collection[int]) -> list[int]:
    """The next lines; pictures in between are passed over, a heading ends it."""
    found: list[int] = []
    for at in range(place + 1, len(items)):
        if at in headings or len(found) == _REACH or isinstance(items[at], Grid):
            break
        if isinstance(items[at], Line):
            found.append(at)
    return found


def _before(items: list[Item | None], place: int, headings: Collection[int]) -> list[int]:
    at = place - 1
    while at >= 0 and items[at] is None:
        at -= 1
    return [at] if at >= 0 and at not in headings and isinstance(items[at], Line) else []
