"""The reading lexicon (读音库) at work: ruby above hard names, and what the phone's voice says."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.cache import caches
from django.utils.html import format_html

from content.models import ReadingSignOff

CACHE_KEY = "content.lexicon"
# No longer than a shared page may be kept: where each process has a cache of its own, a change of
# the lexicon reaches all of them as soon as it reaches readers.
CACHE_SECONDS = 60

_TAG = re.compile(r"""<!--.*?-->|<(?:"[^"]*"|'[^']*'|[^'">])*>""", re.DOTALL)
_NAME = re.compile(r"</?\s*([a-z0-9]+)", re.IGNORECASE)
_UNTOUCHED = {"a", "ruby", "rt", "rp", "script", "style", "textarea"}


@dataclass(frozen=True)
class Word:
    """One entry: ``pinyin`` with tone marks, syllables apart; ``spoken`` empty where a voice needs
    no help."""

    term: str
    pinyin: str
    spoken: str
    aliases: tuple[str, ...]


def words() -> tuple[Word, ...]:
    """All that is signed of the lexicon, longest term first; remembered for a minute, or until it
    changes. In the process itself: pages are read also while Redis does not answer."""
    known: tuple[Word, ...] | None = caches["process"].get(CACHE_KEY)
    if known is None:
        signed = ReadingSignOff.objects.shown().values_list("told", flat=True)
        known = tuple(sorted(map(_word, signed), key=lambda word: (-len(word.term), word.term)))
        caches["process"].set(CACHE_KEY, known, CACHE_SECONDS)
    return known


def _word(told: dict[str, Any]) -> Word:
    names = (line.strip() for line in told["aliases"].splitlines())
    return Word(told["term"], told["pinyin"], told["spoken"], tuple(filter(None, names)))


def forget_words() -> None:
    caches["process"].delete(CACHE_KEY)


def words_in(text: str) -> list[Word]:
    return [word for word in words() if word.term in text]


def spoken_in(text: str) -> dict[str, str]:
    """What a voice should say instead, for the terms that stand in this text."""
    return {word.term: word.spoken for word in words_in(text) if word.spoken}


def add_ruby(html: str, lexicon: tuple[Word, ...] | None = None) -> str:
    """The pinyin above the first occurrence of each term; links and tags stay as they are."""
    known = words() if lexicon is None else lexicon
    here = tuple(word for word in known if word.term in html)
    return _annotate(html, here) if here else html


def _annotate(html: str, here: tuple[Word, ...]) -> str:
    pattern = _pattern(tuple(sorted((word.term for word in here), key=len, reverse=True)))
    left = {word.term: word.pinyin for word in here}
    parts: list[str] = []
    inside = 0
    place = 0
    for tag in [*_TAG.finditer(html), None]:
        text = html[place : tag.start() if tag else len(html)]
        parts.append(text if inside else pattern.sub(lambda m: _ruby(m[0], left), text))
        if tag:
            inside = max(0, inside + _depth(tag[0]))
            parts.append(tag[0])
            place = tag.end()
    return "".join(parts)


def _ruby(term: str, left: dict[str, str]) -> str:
    pinyin = left.pop(term, None)
    if pinyin is None:
        return term
    return format_html("<ruby>{}<rp>(</rp><rt>{}</rt><rp>)</rp></ruby>", term, pinyin)


def _depth(tag: str) -> int:
    """1 where something begins that is left alone, -1 where it ends."""
    name = _NAME.match(tag)
    if name is None or name[1].lower() not in _UNTOUCHED:
        return 0
    return -1 if tag.startswith("</") else 1


@lru_cache(maxsize=512)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, terms)))
