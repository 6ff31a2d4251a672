"""Word rules: literal words, looked for all at once."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache

from content.proofs.values import Hit, Rule, Text

Index = tuple[re.Pattern[str], dict[str, list[Rule]]]


def word_hits(text: Text, rules: tuple[Rule, ...]) -> Iterator[tuple[Rule, Hit]]:
    """The longest word wins where several begin; each of its rules judges for itself."""
    pattern, by_word = _index(rules)
    for match in pattern.finditer(text.text) if by_word else ():
        for rule in by_word[match.group()]:
            if rule.applies_to(text) and not is_excused(rule, text, match.start(), match.end()):
                fix = rule.instead_of(match.group())
                yield rule, Hit(match.start(), match.end(), fix or rule.instead, fix)


@lru_cache(maxsize=8)
def _index(rules: tuple[Rule, ...]) -> Index:
    by_word: dict[str, list[Rule]] = {}
    for rule in rules:
        for word in filter(None, rule.words):
            by_word.setdefault(word, []).append(rule)
    longest_first = sorted(by_word, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first))), by_word


def is_excused(rule: Rule, text: Text, start: int, end: int) -> bool:
    """By quotation marks, a cited title, or an exception that somebody wrote down."""
    if rule.skips_quotes and (text.is_quoted or _inside(text.quotes, start)):
        return True
    if rule.skips_titles and _inside(text.titles, start):
        return True
    return any(_excuses(exception, text, start, end) for exception in rule.exceptions)


def _inside(pairs: list[tuple[int, int]], place: int) -> bool:
    before = bisect_right(pairs, (place, len(pairs) and pairs[-1][1] + 1))
    return before > 0 and pairs[before - 1][1] > place


def _excuses(exception: str, text: Text, start: int, end: int) -> bool:
    word = text.text[start:end]
    if word not in exception:
        return exception in text.sentence_at(start, end)
    places = _places(exception, word)
    return any(start >= p and text.text.startswith(exception, start - p) for p in places)


def _places(exception: str, word: str) -> Iterable[int]:
    place = exception.find(word)
    while place >= 0:
        yield place
        place = exception.find(word, place + 1)
