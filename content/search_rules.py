"""Finding lessons by words: pure rules over search indexes, the same as in ``web/search.js``.

An index is plain JSON: ``{v, lesson, title, terms, words, sections: [[id, heading, text], ...]}``.
``words`` are words of the lesson with their syllables ("遵义会议 zun yi hui yi"); ``terms`` are
hard names of the lexicon that occur in it, each followed by its other names. Whatever is changed
here is changed there: a test asks both the same questions.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

Index = dict[str, Any]

TITLE, ALIAS, HEADING, TEXT, PARTLY = 1, 2, 3, 4, 5
LONGEST_QUERY = 60
MOST_TERMS = 8
MOST_GRAMS = 24
BEFORE, AFTER = 18, 42  # characters of a snippet on either side of the hit

# Digits, letters (Latin, Cyrillic, Mongolian), Chinese. Everything else only separates words.
_LETTER = "0-9a-z\u00df-\u00f6\u00f8-\u024f\u0400-\u052f\u1820-\u18aa"
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_WORD = re.compile(f"[{_LETTER}{_HAN}]+")
_LETTERS = re.compile(f"[{_LETTER}]")
_PLAIN = re.compile(r"[a-z]+")
_SAME_SCRIPT = re.compile(f"[{_LETTER}]+|[{_HAN}]+")
_HAN_RUN = re.compile(f"[{_HAN}]+")


@dataclass(frozen=True)
class Place:
    """Where one term stands. ``section`` is a position in the index, -1 for the lesson itself."""

    rank: int
    section: int
    start: int
    end: int


@dataclass(frozen=True)
class Find:
    """One lesson that was found. ``snippet`` is before, hit, after; all empty without a section."""

    lesson: str
    title: str
    section: str | None
    section_title: str
    snippet: tuple[str, str, str]
    rank: int


class _Folding(dict[int, str]):
    """Grows by each character it is asked for; ``str.translate`` is many times faster than a
    loop."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = char
        if not ("\u3400" <= char <= "\u9fff" or char > "\uffff"):
            whole = unicodedata.normalize("NFKC", char).lower()
            folded = whole if len(whole) == 1 else char
        self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """One character for each, so that places in folded and printed text are the same."""
    return text.translate(_FOLDING)


def terms_of(query: str) -> list[str]:
    """The words asked for; none when the query holds only signs."""
    terms: list[str] = _WORD.findall(fold(query[:LONGEST_QUERY]))
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def ways_to_ask(query: str) -> list[list[str]]:
    """The words as typed; then digits and letters apart from Chinese ("小岗村18户"), and syllables
    typed apart ("zun yi") as one word."""
    terms = terms_of(query)
    pieces = list(dict.fromkeys(piece for term in terms for piece in _SAME_SCRIPT.findall(term)))
    ways = [terms] if terms else []
    if pieces != terms:
        ways.append(pieces[:MOST_TERMS])
    if len(terms) > 1 and all(map(_PLAIN.fullmatch, terms)):
        ways.append(["".join(terms)])
    return ways


def grams_of(query: str) -> list[str]:
    """Pairs of neighbouring Chinese characters, for questions that no lesson answers word by
    word."""
    runs = [run for term in terms_of(query) for run in _HAN_RUN.findall(term)]
    grams = [run[i : i + 2] for run in runs for i in range(len(run) - 1)]
    return list(dict.fromkeys(grams))[:MOST_GRAMS]


def enough(grams: list[str]) -> int:
    """How many of the pairs a lesson must hold to be worth showing."""
    return max(2, -(-len(grams) * 2 // 5))


def find(indexes: list[Index], query: str) -> list[Find]:
    """Lessons that hold every word, best first: title, other names, headings, text; then in the
    order given. When there are none: those that hold a good part of the question."""
    for terms in ways_to_ask(query):
        if found := find_whole(indexes, terms):
            return found
    return find_partly(indexes, grams_of(query))


def find_whole(indexes: list[Index], terms: list[str]) -> list[Find]:
    """A lesson is ranked by the term that stands lowest in it."""
    found = []
    for index in indexes:
        folded = _Folded(index)
        places = [list(folded.places_of(term)) for term in terms]
        if all(places):
            rank = max(min(place.rank for place in of_term) for of_term in places)
            found.append(_make(index, rank, _best_section(places)))
    return sorted(found, key=lambda one: one.rank)


def find_partly(indexes: list[Index], grams: list[str]) -> list[Find]:
    """Those with most of the pairs first."""
    found = []
    for index in indexes:
        folded = _Folded(index)
        places = [held for gram in grams if (held := list(folded.literal_places(gram)))]
        if len(places) >= enough(grams):
            place = folded.widened(_best_section(places), grams)
            found.append((-len(places), _make(index, PARTLY, place)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _best_section(places: list[list[Place]]) -> Place | None:
    """The first place in the section that holds most terms."""
    firsts: dict[int, list[Place]] = {}
    for of_term in places:
        seen: set[int] = set()
        for place in of_term:
            if place.section >= 0 and place.section not in seen:
                seen.add(place.section)
                firsts.setdefault(place.section, []).append(place)
    if not firsts:
        return None
    section = max(firsts, key=lambda number: (len(firsts[number]), -number))
    return next((place for place in firsts[section] if place.end), firsts[section][0])


def _make(index: Index, rank: int, place: Place | None) -> Find:
    lesson, title = index["lesson"], index["title"]
    if place is None:
        return Find(lesson, title, None, "", ("", "", ""), rank)
    section_id, heading, text = index["sections"][place.section]
    snippet = _snippet(text, place.start, place.end)
    return Find(lesson, title, section_id, heading, snippet, rank)


def _snippet(text: str, start: int, end: int) -> tuple[str, str, str]:
    first, last = max(0, start - BEFORE), min(len(text), end + AFTER)
    before = ("…" if first else "") + text[first:start]
    return before, text[start:end], text[end:last] + ("…" if last < len(text) else "")


class _Folded:
    """One index, made ready to be asked."""

    def __init__(self, index: Index) -> None:
        self.title = fold(index["title"])
        self.names = [[fold(name) for name in names] for names in index["terms"]]
        self.words: list[str] = index["words"]
        self.sections = [(fold(heading), fold(text)) for _, heading, text in index["sections"]]

    def places_of(self, term: str) -> Iterator[Place]:
        yield from self.literal_places(term)
        if len(term) >= 2 and _PLAIN.fullmatch(term):
            for word in self.words:
                name, syllables = word.split(" ", 1)
                if sounds_like(term, syllables.split(" ")):
                    yield from self.literal_places(fold(name))

    def literal_places(self, term: str) -> Iterator[Place]:
        yield from self.printed_places(term)
        for name, *others in self.names:
            if any(find_word(other, term) >= 0 for other in others):
                yield Place(ALIAS, -1, 0, 0)
                for place in self.printed_places(name):
                    yield replace(place, rank=max(place.rank, ALIAS))

    def widened(self, place: Place | None, grams: list[str]) -> Place | None:
        """As far as the text goes on saying what was asked."""
        if place is None or not place.end:
            return place
        text, end = self.sections[place.section][1], place.end
        while text[end - 1 : end + 1] in grams:
            end += 1
        return replace(place, end=end)

    def printed_places(self, term: str) -> Iterator[Place]:
        if find_word(self.title, term) >= 0:
            yield Place(TITLE, -1, 0, 0)
        for number, (heading, text) in enumerate(self.sections):
            if find_word(heading, term) >= 0:
                yield Place(HEADING, number, 0, 0)
            start = find_word(text, term)
            if start >= 0:
                yield Place(TEXT, number, start, start + len(term))


def sounds_like(term: str, syllables: list[str]) -> bool:
    """Initials ("zyhy"; at least three may be cut short), or spelled out from the front ("zunyi",
    "zunyih")."""
    initials = "".join(syllable[0] for syllable in syllables)
    if term == initials or (len(term) >= 3 and initials.startswith(term)):
        return True
    whole = "".join(syllables)
    return whole.startswith(term) and len(term) >= len("".join(syllables[:2]))


def find_word(text: str, term: str) -> int:
    """Where it stands, or -1. Chinese may stand anywhere; letters and digits only as whole
    words: 1935 is not found by 193."""
    start = text.find(term)
    while start >= 0:
        end = start + len(term)
        cut_before = start > 0 and _LETTERS.match(text[start - 1]) and _LETTERS.match(term)
        cut_after = end < len(text) and _LETTERS.match(text[end]) and _LETTERS.match(term[-1])
        if not cut_before and not cut_after:
            return start
        start = text.find(term, start + 1)
    return -1
