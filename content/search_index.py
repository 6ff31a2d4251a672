"""The search: making a lesson's entry when it is published, asking all entries at once.

Why a table of our own: decision 0004. The database only narrows down; ``search_rules`` decides.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from content import lexicon, search_rules
from content.document import Document, document_of
from content.models import LessonPage, SearchEntry
from content.models.search import SearchEntryQuerySet
from content.models.snippets import HAN
from content.search_rules import Find, Index
from content.search_text import SectionText, section_texts
from studyhub.core.errors import NotFound

if TYPE_CHECKING:
    from rjieba import Jieba

VERSION = 1
MOST_CANDIDATES = 200
MOST_REMEMBERED = 10_000  # words, of about 100 bytes each
_SPELLED = re.compile(r"[a-z]+( [a-z]+)+")


def put_entry(page: LessonPage, document: Document) -> None:
    """What is live now can be found from now on. Safe to repeat."""
    key, words = str(page.translation_key), lexicon.words()
    index = index_of(key, page.title, section_texts(document), words)
    title = search_rules.fold(page.title)
    fields = {"index": index, "title": title, "haystack": haystack_of(index)}
    SearchEntry.objects.update_or_create(lesson_key=page.translation_key, defaults=fields)


def drop_entry(lesson_key: UUID) -> None:
    SearchEntry.objects.filter(lesson_key=lesson_key).delete()


@transaction.atomic
def rebuild() -> int:
    """Every open lesson anew, and nothing else; returns how many. Safe to repeat."""
    pages = list(LessonPage.objects.open_to_learners())
    SearchEntry.objects.exclude(lesson_key__in=[p.translation_key for p in pages]).delete()
    for page in pages:
        put_entry(page, document_of(page.body))
    return len(pages)


def rebuild_with(terms: Iterable[str]) -> None:
    """After a change of the lexicon: the lessons in which one of these terms stands."""
    keys = lessons_with(terms)
    for page in LessonPage.objects.open_to_learners().filter(translation_key__in=keys):
        put_entry(page, document_of(page.body))


def lessons_with(terms: Iterable[str]) -> list[UUID]:
    """The keys of lessons in which one of these terms stands."""
    asked = Q(pk__in=[])
    for term in terms:
        asked |= Q(haystack__contains=search_rules.fold(term))
    return list(SearchEntry.objects.filter(asked).values_list("lesson_key", flat=True))


def index_of(
    lesson: str, title: str, sections: list[SectionText], words: Iterable[lexicon.Word]
) -> Index:
    """The same lesson and lexicon always give the same index."""
    heads = [title, *(section.heading for section in sections)]
    everything = "\n".join([*heads, *(section.text for section in sections)])
    known = [word for word in words if word.term in everything]
    return {
        "v": VERSION,
        "lesson": lesson,
        "title": title,
        "terms": [[word.term, *word.aliases] for word in known],
        "words": sorted(_sounding(everything, heads, known)),
        "sections": [[s.id, s.heading, s.text] for s in sections],
    }


def _sounding(text: str, heads: list[str], known: list[lexicon.Word]) -> Iterator[str]:
    """Words of two and more characters with their syllables, whole runs of title and headings too;
    the lexicon knows better than the dictionary."""
    from pypinyin.contrib.tone_convert import to_normal  # as below

    syllables = {
        word.term: " ".join(to_normal(s) for s in word.pinyin.split()).lower() for word in known
    }
    runs = [run for head in heads for run in HAN.findall(head)]
    for run in HAN.findall(text):
        runs += _segmenter().cut_for_search(run)
    for word in runs:
        if len(word) >= 2 and word not in syllables:
            syllables[word] = _syllables(word)
    for word, spelled in syllables.items():
        if _SPELLED.fullmatch(spelled):
            yield f"{word} {spelled}"


@lru_cache(maxsize=MOST_REMEMBERED)
def _syllables(word: str) -> str:
    """By the dictionary; a lesson that was corrected has nearly all its words from before."""
    # Its dictionaries take a moment to load: only when a lesson is published, not at every start.
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(word)).lower()


@cache
def _segmenter() -> "Jieba":
    """Its dictionary takes a moment and 33 MB: only where a lesson is published, once a process."""
    from rjieba import Jieba

    return Jieba()


def haystack_of(index: Index) -> str:
    """Everything that could make ``search_rules`` say yes, folded; nothing else is looked at."""
    lines = [index["title"], *(name for names in index["terms"] for name in names)]
    for _, heading, text in index["sections"]:
        lines += [heading, text]
    for word in index["words"]:
        syllables = word.split(" ")[1:]
        lines.append("".join(syllables) + " " + "".join(s[0] for s in syllables))
    return search_rules.fold("\n".join(lines))


def search(query: str, *, limit: int = MOST_CANDIDATES) -> list[Find]:
    """Open lessons in which everything asked for stands, best first; else those that hold a good
    part of it."""
    for terms in search_rules.ways_to_ask(query):
        if found := search_rules.find_whole(_indexes(_open_entries().holding(terms)), terms):
            return found[:limit]
    grams = search_rules.grams_of(query)
    if len(grams) < 2:
        return []
    partly = _open_entries().holding_any(grams, at_least=search_rules.enough(grams))
    return search_rules.find_partly(_indexes(partly), grams)[:limit]


def _open_entries() -> SearchEntryQuerySet:
    """In study order. A lesson taken down is not found, whatever became of its entry."""
    pages = LessonPage.objects.open_to_learners().filter(translation_key=OuterRef("lesson_key"))
    entries = SearchEntry.objects.annotate(path=Subquery(pages.values("path")[:1]))
    return entries.exclude(path=None).order_by("path")


def _indexes(entries: SearchEntryQuerySet) -> list[Index]:
    """The best candidates, back in study order."""
    candidates = sorted(entries[:MOST_CANDIDATES], key=attrgetter("path"))
    return [entry.index for entry in candidates]


def pack_index(lesson_key: UUID) -> Index:
    """The search index for the lesson's offline pack, as it was made at publication."""
    entry = _open_entries().filter(lesson_key=lesson_key).first()
    if entry is None:
        raise NotFound("lesson_not_found", "没有这一课，或者它已经下架。请回到课程列表重新选择。")
    return entry.index
