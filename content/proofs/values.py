"""What proof-reading takes and gives back: texts with their place, rules, finds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff"
_EXACT = re.compile(r"[^（）；，…]+")
_END = re.compile(r"[。！？；\n]")
CELLS = "cells"
MOST_SHOWN = 160  # characters of the words, and of their sentence on each side


class Level(StrEnum):
    """提示 is advice; 必须改 keeps a lesson from review."""

    ADVICE = "advice"
    BLOCKING = "blocking"


@dataclass(frozen=True)
class Text:
    """The words of one field. ``unit`` is the id of its block, empty for a field of the page;
    ``field`` the way to it inside the block (``items/3/text``). Paragraphs end in ``\\n``."""

    unit: str
    kind: str
    field: str
    text: str

    @property
    def name(self) -> str:
        return self.field.rsplit("/", 1)[-1]

    @property
    def place(self) -> str:
        """As rules name it: the cells of a table are one place."""
        return CELLS if re.fullmatch("[0-9]+", self.name) else self.name

    @property
    def is_quoted(self) -> bool:
        return self.kind == "quotation" and self.name == "text"

    @cached_property
    def quotes(self) -> list[tuple[int, int]]:
        return list(spans(self.text, "“", "”"))

    @cached_property
    def titles(self) -> list[tuple[int, int]]:
        return list(spans(self.text, "《", "》"))

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        ends = [match.end() for match in _END.finditer(self.text)]
        starts = [0, *ends]
        return list(zip(starts, [*ends, len(self.text)], strict=True))

    def sentence_at(self, start: int, end: int) -> str:
        """The sentence around these words; of a very long one what stands near them."""
        low = max(start - MOST_SHOWN, 0)
        first = max(low, *(self.text.rfind(sign, low, start) + 1 for sign in "。！？；\n"))
        last = _END.search(self.text, end, end + MOST_SHOWN)
        stop = last.end() if last else end + MOST_SHOWN
        return self.text[first : min(stop, first + 3 * MOST_SHOWN)].strip()


def spans(text: str, opening: str, closing: str) -> Iterator[tuple[int, int]]:
    """The outermost pairs; an unclosed one ends with its paragraph. One pass."""
    depth = start = 0
    for place, sign in enumerate(text):
        if sign == opening:
            start = start if depth else place
            depth += 1
        elif depth and sign == "\n":
            depth = 0
        elif depth and sign == closing:
            depth -= 1
            if not depth:
                yield start, place + 1


@dataclass(frozen=True)
class Rule:
    """``check`` names a coded check; without one the rule looks for its ``words``.

    An exception that holds the word is a context in which the word is right; any other excuses the
    whole sentence in which it stands.
    """

    key: str
    name: str
    level: Level
    why: str = ""
    check: str = ""
    words: tuple[str, ...] = ()
    instead: str = ""
    kinds: frozenset[str] = frozenset()  # of blocks; empty means all, as with the next two
    fields: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    where: str = ""  # the channels in words
    starts: date | None = None  # both days are in force
    ends: date | None = None
    exceptions: tuple[str, ...] = ()
    skips_quotes: bool = False
    skips_titles: bool = False

    def instead_of(self, word: str) -> str | None:
        """Where as many stand in ``instead`` as words, each has its own; else a person chooses."""
        pieces = self.instead.split("、")
        if len(pieces) != len(self.words) or not _EXACT.fullmatch(self.instead):
            return None
        return pieces[self.words.index(word)]

    def applies_to(self, text: Text) -> bool:
        return (not self.kinds or text.kind in self.kinds) and (
            not self.fields or text.place in self.fields
        )

    def is_in_force(self, day: date) -> bool:
        return (self.starts is None or self.starts <= day) and (
            self.ends is None or day <= self.ends
        )


class Hit(NamedTuple):
    """Where in a text, and what to write instead ("" where only a person knows). ``fix`` can be put
    there by a press of a button; None where a person must think."""

    start: int
    end: int
    suggestion: str = ""
    fix: str | None = None


@dataclass(frozen=True)
class Find:
    """``unit`` and ``field`` as in ``Text``; ``offset`` and ``length`` count characters in it."""

    rule: str
    name: str
    level: Level
    why: str
    unit: str
    kind: str
    field: str
    offset: int
    length: int
    words: str
    sentence: str
    suggestion: str
    fix: str | None = None
    channels: frozenset[str] = frozenset()
    where: str = ""

    @property
    def blocks(self) -> bool:
        """Whether it keeps the lesson from review; of channels alone, it is kept from these."""
        return self.level == Level.BLOCKING and not self.channels

    def blocks_on(self, kind: str) -> bool:
        """Whether it keeps the lesson from this kind of channel."""
        return self.level == Level.BLOCKING and kind in self.channels

    @property
    def level_words(self) -> str:
        if self.level == Level.ADVICE:
            return f"提示（只对{self.where}）" if self.where else "提示"
        return f"发到{self.where}前必须改" if self.where else "必须改"

    @property
    def sentence_hash(self) -> str:
        return hash_of(self.sentence)

    @property
    def mark(self) -> str:
        """Names the find as long as its sentence stands."""
        return hash_of("\n".join((self.rule, self.unit, self.words, self.sentence)))


def hash_of(text: str) -> str:
    return sha256(text.encode(errors="replace")).hexdigest()[:32]
