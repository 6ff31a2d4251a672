"""Over all lessons: which twins are behind their Chinese, which wait for this person's name."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from wagtail.admin.utils import get_user_display_name

from content.models import BlockTwin, LessonPage
from studyhub.core.review_levels import TRANSLATOR, groups_of

Counts = Mapping[UUID, int]  # blocks, by the key of their lesson
State = BlockTwin.State


@dataclass(frozen=True)
class Line:
    """A lesson and how many of its blocks are meant."""

    page: LessonPage
    count: int
    signed: int = 0
    drafts: int = 0


def sees_twins(user: Any) -> bool:
    """Whether the desk's menu shows them; no question to the database, as every screen asks."""
    return bool(user.has_perm("content.change_blocktwin"))


def is_translator(user: Any) -> bool:
    """In the group whose members write twins and sign each other's; to administer is no reading."""
    return sees_twins(user) and TRANSLATOR in groups_of(user)


def stale_blocks() -> Counts:
    """Those that wait for a translator; what was written anew already waits for signatures."""
    stale = BlockTwin.objects.stale().without_fresh_draft().order_by()
    blocks = stale.values_list("lesson_key", "block_id").distinct()  # a draft and what is signed
    return Counter(key for key, _ in blocks)


def blocks_to_sign(user: Any) -> Counts:
    """Drafts of others, as far as they are not behind their Chinese."""
    drafts = BlockTwin.objects.filter(state=State.DRAFT, stale_since=None).exclude(writers=user)
    drafts = drafts.prefetch_related("signatures")
    waiting = (one for one in drafts if user.pk not in {s.person_id for s in one.holding()})
    return Counter(one.lesson_key for one in waiting)


def translators() -> dict[int, str]:
    """Those who may write and sign, by account: their names as they sign."""
    people = get_user_model().objects.filter(groups__name=TRANSLATOR, is_active=True)
    return {one.pk: get_user_display_name(one) for one in people.order_by("pk")}


def may_still_sign(twin: BlockTwin, people: Mapping[int, str]) -> list[str]:
    """The names of those who have neither written in this draft nor signed it."""
    done = {one.pk for one in twin.writers.all()} | {one.person_id for one in twin.holding()}
    return [name for number, name in people.items() if number not in done]


def is_stuck(twin: BlockTwin, left: Collection[str]) -> bool:
    """Fewer are left than have to sign."""
    return len(left) < twin.levels - len(twin.holding())


def stuck_blocks() -> Counts:
    """Drafts that nobody can sign to their end as things stand."""
    people = translators()
    drafts = BlockTwin.objects.filter(state=State.DRAFT, stale_since=None)
    drafts = drafts.prefetch_related("signatures", "writers")
    return Counter(one.lesson_key for one in drafts if is_stuck(one, may_still_sign(one, people)))


def lines_of(counts: Counts) -> list[Line]:
    """In study order, in one query; keys whose lesson is gone are left out."""
    pages = LessonPage.objects.filter(translation_key__in=list(counts), alias_of=None)
    pages = pages.defer("body").in_study_order()
    return [Line(page, counts[page.translation_key]) for page in pages]


def all_lessons() -> list[Line]:
    """Every lesson in study order, with what there is of it in Mongolian."""
    rows = BlockTwin.objects.at_work().in_place().values_list("lesson_key", "state")
    found = Counter(rows)
    stale = stale_blocks()
    pages = LessonPage.objects.filter(alias_of=None).defer("body").in_study_order()
    return [_line(page, found, stale) for page in pages]


def _line(page: LessonPage, found: Counter[tuple[UUID, str]], stale: Counts) -> Line:
    key = page.translation_key
    signed, drafts = (found[key, state] for state in (State.SIGNED, State.DRAFT))
    return Line(page, stale.get(key, 0), signed, drafts)
