"""Proof-reading a lesson: every rule over every text, in reading order."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice

from content.proofs import characters, doubled, numbers, signs
from content.proofs.values import MOST_SHOWN, Find, Hit, Rule, Text
from content.proofs.whole import LONG_SENTENCE, WHOLE, Material
from content.proofs.words import is_excused, word_hits

MOST_OF_A_RULE = 100  # in one text; a person reads no more
Check = Callable[[Text], Iterable[Hit]]


def long_sentences(text: Text) -> Iterator[Hit]:
    for start, end in text.sentences:
        if len(text.text[start:end].strip()) > LONG_SENTENCE:
            yield Hit(start, end)


CHECKS: dict[str, Check] = {
    "doubled_word": doubled.doubled_words,
    "doubled_character": doubled.doubled_characters,
    "half_width": signs.half_width_signs,
    "unbalanced": signs.unbalanced_signs,
    "space": signs.spaces_between_han,
    "repeated_sign": signs.repeated_signs,
    "sign_between_quotes": signs.signs_between_quotes,
    "no_work": signs.titles_of_no_work,
    "full_width_digit": numbers.full_width_digits,
    "impossible_date": numbers.impossible_dates,
    "mixed_numerals": numbers.mixed_numerals,
    "short_year": numbers.short_years,
    "hyphen_range": numbers.hyphen_ranges,
    "percent_range": numbers.percent_ranges,
    "mobile": numbers.mobile_numbers,
    "identity": numbers.identity_numbers,
    "approximation": numbers.commas_in_approximations,
    "approximate_twice": numbers.approximate_twice,
    "places": numbers.places_called_countries,
    "traditional": characters.traditional_characters,
    "long_sentence": long_sentences,
}
# What these suggest can be put in the place of the words as it is.
EXACT = frozenset({
    "doubled_word", "doubled_character", "half_width", "repeated_sign", "sign_between_quotes",
    "no_work", "full_width_digit", "hyphen_range", "percent_range", "approximation", "traditional",
})  # fmt: skip
YEARS = "year_to_come"
KNOWN_CHECKS = frozenset({*CHECKS, *WHOLE, YEARS})


def proofread(lesson: Material, rules: Iterable[Rule], today: date) -> list[Find]:
    """Finds in reading order, those of the whole lesson first."""
    rules = tuple(rule for rule in rules if rule.is_in_force(today))
    checks: dict[str, Check] = {**CHECKS, YEARS: lambda text: numbers.years_to_come(text, today)}
    words = tuple(rule for rule in rules if not rule.check)
    coded = [(rule, checks[rule.check]) for rule in rules if rule.check in checks]
    found = list(_of_whole(lesson, rules))
    for text in lesson.texts:
        hits = [*_of_words(text, words), *_of_checks(text, coded)]
        found += [_find(rule, text, hit) for rule, hit in sorted(hits, key=lambda pair: pair[1])]
    return found


def _of_words(text: Text, rules: tuple[Rule, ...]) -> Iterable[tuple[Rule, Hit]]:
    return islice(word_hits(text, rules), MOST_OF_A_RULE)


def _of_checks(text: Text, coded: list[tuple[Rule, Check]]) -> Iterator[tuple[Rule, Hit]]:
    for rule, check in coded:
        if rule.applies_to(text):
            hits = islice(check(text), MOST_OF_A_RULE)
            yield from ((rule, hit) for hit in hits if not is_excused(rule, text, *hit[:2]))


def _find(rule: Rule, text: Text, hit: Hit) -> Find:
    return Find(
        rule=rule.key,
        name=rule.name,
        level=rule.level,
        why=rule.why,
        unit=text.unit,
        kind=text.kind,
        field=text.field,
        offset=hit.start,
        length=hit.end - hit.start,
        words=text.text[hit.start : hit.end][:MOST_SHOWN],
        sentence=text.sentence_at(hit.start, hit.end),
        suggestion=hit.suggestion or rule.instead,
        fix=hit.suggestion if rule.check in EXACT else hit.fix,
        channels=rule.channels,
        where=rule.where,
    )


def _of_whole(lesson: Material, rules: Iterable[Rule]) -> Iterator[Find]:
    for rule in rules:
        for unit, words, advice in WHOLE[rule.check](lesson) if rule.check in WHOLE else ():
            place = (unit, "", "", 0, 0)
            words = words[:MOST_SHOWN]
            named = (rule.key, rule.name, rule.level, rule.why, *place, words, words, advice)
            yield Find(*named, channels=rule.channels, where=rule.where)
