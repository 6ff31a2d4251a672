"""更正记录 of a lesson: what was published when, of what kind, and what differs; never by whom.

Light enough for a phone: only the newest publications are compared, long sentences are cut, and of
a small edit it is said where it was, not what.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from content.models import FIRST, TOLD, Change, LessonPage, LessonRevision
from content.models.lessons import HISTORY
from content.revisions import taken_back, without_taken_back
from content.text_diff import GAP, ChangedBlock, changed_blocks

MOST_COMPARED = 10  # publications; of older ones the kind, the day and the note are told
MOST_BLOCKS = 8  # of one publication
MOST_SIGNS = 240  # of what stood there, and of what stands there now


@dataclass(frozen=True)
class Publication:
    """One line of the history. ``words`` is what became of its kind: 文字, 事实, 重要, 首次发布.

    ``blocks`` hold words only where they are told to readers; ``more`` is how many are left out.
    """

    revision: int
    change: str
    note: str
    published_at: datetime
    blocks: list[ChangedBlock] = field(default_factory=list)
    more: int = 0

    @property
    def words(self) -> str:
        return _WORDS[self.change]

    @property
    def is_told(self) -> bool:
        return self.change in TOLD


_WORDS = {FIRST: "首次发布", **{kind.value: kind.label.partition("（")[0] for kind in Change}}


def history(lesson_key: UUID) -> list[Publication]:
    """Every publication of a lesson, the newest first; two queries."""
    rows = LessonRevision.objects.of(lesson_key).order_by("-revision")
    compared = list(rows[: MOST_COMPARED + 1])
    if not compared:
        return []
    older = rows.filter(revision__lt=compared[-1].revision)
    columns = older.values_list("revision", "change", "note", "published_at")
    return [*_compared(compared), *(Publication(*row) for row in columns)]


def newest_change(lesson_key: UUID) -> Publication | None:
    """The newest publication, without its words: nothing is compared."""
    rows = LessonRevision.objects.of(lesson_key).order_by("-revision")
    columns = rows.values_list("revision", "change", "note", "published_at").first()
    return Publication(*columns) if columns else None


def _compared(rows: Sequence[LessonRevision]) -> Iterable[Publication]:
    """The newest first."""
    hidden = taken_back(rows)
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        blocks = changed_blocks(before.texts, row.texts) if before and before.texts else []
        since = before.revision if before else 0
        shown = [without_taken_back(block, hidden, since) for block in blocks[:MOST_BLOCKS]]
        yield Publication(
            row.revision,
            row.change,
            row.note,
            row.published_at,
            [_short(block, is_told=row.is_told_to_readers) for block in shown],
            len(blocks) - len(shown),
        )


def _short(block: ChangedBlock, *, is_told: bool) -> ChangedBlock:
    if not is_told:
        return replace(block, before="", after="")
    return replace(block, before=_cut(block.before), after=_cut(block.after))


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SIGNS else text[:MOST_SIGNS] + GAP


def history_addresses() -> list[str]:
    """Paths of the histories of open lessons that were published more than once."""
    again = LessonRevision.objects.values("lesson_key").annotate(count=Count("pk"))
    keys = again.filter(count__gt=1).values("lesson_key")
    pages = LessonPage.objects.open_to_learners().filter(translation_key__in=keys)
    found = (page.get_url() for page in pages.in_study_order().defer("body"))
    return [f"{address}{HISTORY}/" for address in found if address]
