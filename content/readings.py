"""读音库 kept by two: one words a reading, another signs it, and then pages show it (0051)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from wagtail.admin.utils import get_user_display_name

from content.models import LessonPage, Pronunciation, ReadingSignOff
from content.models.snippets import RETIRED, SHOWN
from content.search_index import lessons_with
from studyhub.core.errors import Conflict

MOST_NAMED = 5
MAY_SIGN = "content.change_pronunciation"


@dataclass(frozen=True)
class Change:
    """What a signature would change: ``fields`` are name, words shown now and words proposed."""

    reading: Pronunciation
    fields: tuple[tuple[str, str, str], ...]
    lessons: int
    titles: tuple[str, ...]

    @property
    def in_words(self) -> str:
        if not self.lessons:
            return "公开的课里现在没有这个词，签了也不会改动哪一页。"
        named = "".join(f"《{title}》" for title in self.titles)
        more = "等" if self.lessons > len(self.titles) else ""
        return f"这个词出现在 {self.lessons} 课：{named}{more}。"

    @property
    def seen(self) -> str:
        """What was on the screen of whoever signs."""
        return self.reading.words_hash


def change_of(reading: Pronunciation) -> Change:
    signed = reading.signed
    shown = signed.told if signed else {}
    titles = list(_titles_with({reading.term} | ({shown["term"]} if shown else set())))
    fields = tuple(_fields(shown, reading.words))
    return Change(reading, fields, len(titles), tuple(titles[:MOST_NAMED]))


def _fields(shown: dict[str, Any], words: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    columns: Any = {one.name: one for one in Pronunciation._meta.concrete_fields}
    for name in (*SHOWN, RETIRED):
        before, after = (_in_words(told.get(name, "")) for told in (shown, words))
        if before != after:
            yield str(columns[name].verbose_name), before, after


def _in_words(value: str | bool) -> str:
    return value if isinstance(value, str) else "是，页面不再显示"


def _titles_with(terms: set[str]) -> Iterator[str]:
    """Open lessons in which one of these words stands, in study order."""
    pages = LessonPage.objects.open_to_learners().filter(translation_key__in=lessons_with(terms))
    yield from pages.in_study_order().values_list("title", flat=True)


def waiting() -> list[Pronunciation]:
    """All that are worded otherwise than what is shown, the oldest first; in three queries."""
    rows = Pronunciation.objects.prefetch_related("signatures", "writers").order_by("pk")
    return [one for one in rows if one.waits]


def waiting_for(user: Any) -> list[Pronunciation]:
    """Of these, what this person may sign."""
    return [one for one in waiting() if not one.why_not(user)] if user.has_perm(MAY_SIGN) else []


@transaction.atomic
def sign_reading(reading_id: int, person: Any, *, seen: str) -> Pronunciation:
    """Pages show it from now on. ``seen`` are the words that were on the screen, by their hash.

    Raises Conflict ``reading_changed``, ``term_taken`` and ``may_not_sign``.
    """
    reading = Pronunciation.objects.select_for_update().filter(pk=reading_id).first()
    if reading is None or reading.words_hash != seen or not reading.waits:
        detail = "这条读音在您看的时候又改过、签过，或者删了。下面是现在的样子，请再看一次。"
        raise Conflict("reading_changed", detail)
    _refuse_second(reading)
    name = get_user_display_name(person)[:80]
    ReadingSignOff.objects.create(reading=reading, person=person, name=name)
    reading.writers.clear()
    return reading


def _refuse_second(reading: Pronunciation) -> None:
    """Two entries never say how one word is read."""
    others = ReadingSignOff.objects.shown().exclude(reading=reading)
    if others.filter(told__term=reading.words["term"]).exists():
        detail = f"页面上已经有另一条“{reading.term}”的读音。请先改那一条，或者删掉它，再来签。"
        raise Conflict("term_taken", detail)
