"""What was corrected in a lesson since somebody read it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from content.models import LessonRevision
from content.wording import ChangedBlock, Texts, changed_blocks


@dataclass(frozen=True)
class Correction:
    """``change`` is why it matters (minor, fact, important); ``note`` is the editor's reason."""

    revision: int
    change: str
    note: str
    published_at: datetime
    blocks: list[ChangedBlock] = field(default_factory=list)


def revisions(lesson_key: UUID) -> list[tuple[int, datetime]]:
    """Every revision there was with the time of its publication, oldest first."""
    rows = LessonRevision.objects.of(lesson_key).order_by("revision")
    return list(rows.values_list("revision", "published_at"))


def corrections(lesson_key: UUID) -> list[Correction]:
    """Every publication after the first, oldest first, without the words that changed."""
    rows = LessonRevision.objects.of(lesson_key).filter(revision__gt=1).order_by("revision")
    told = rows.values_list("revision", "change", "note", "published_at")
    return [Correction(*row) for row in told]


def corrected(keys: Collection[UUID]) -> list[tuple[UUID, int]]:
    """(lesson, revision) of each correction of fact or importance, in one query."""
    rows = LessonRevision.objects.filter(lesson_key__in=list(keys)).told_to_readers()
    return list(rows.order_by("revision").values_list("lesson_key", "revision"))


def changes(lesson_key: UUID, since_revision: int) -> list[Correction]:
    """Corrections of fact or importance after a revision, oldest first, with before and after.

    Each says what differs from the correction before it, the first from ``since_revision``: read in
    order they lead from the text that was read to the corrected one, small edits in between
    included. Publications from before texts were kept cannot be compared: then ``blocks`` is empty.
    """
    rows = LessonRevision.objects.of(lesson_key).filter(revision__gte=since_revision)
    found: list[Correction] = []
    base: Texts = {}
    for row in rows.order_by("revision"):
        if row.revision > since_revision and row.is_told_to_readers:
            blocks = changed_blocks(base, row.texts) if base else []
            correction = Correction(row.revision, row.change, row.note, row.published_at, blocks)
            found.append(correction)
            base = row.texts
        base = base or row.texts
    return found
