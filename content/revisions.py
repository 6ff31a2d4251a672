"""Revisions of a lesson: giving a published state its number, and what was corrected since one."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from content.document import Document
from content.element_json import said
from content.models import FIRST, TOLD, Change, LessonPage, LessonRevision
from content.models.oral_histories import is_taken_back
from content.outline import Outline
from content.text_diff import ChangedBlock, Texts, changed_blocks, texts_of
from studyhub.core.errors import NotFound


@transaction.atomic
def record_revision(page: LessonPage, document: Document) -> LessonRevision:
    """The revision of what is live now: the next number, or the latest one when nothing changed.

    Safe to repeat. The page row is locked so that two publishers cannot take the same number.
    """
    LessonPage.objects.select_for_update().only("pk").get(pk=page.pk)
    stored = LessonRevision.objects.of(page.translation_key)
    latest = stored.aggregate(latest=Max("revision"))["latest"] or 0
    digest = content_hash(page, document)
    current = stored.filter(revision=latest).first()
    if current and current.content_hash == digest:
        return _tell_late(current, page)
    return LessonRevision.objects.create(
        lesson_key=page.translation_key,
        revision=latest + 1,
        outline=document.outline(page.lesson_key, latest + 1, page.title).to_json(),
        content_hash=digest,
        published_at=timezone.now(),
        change=page.change_kind if latest else FIRST,
        note=page.change_note.strip() if latest else "",
        hides_words=bool(latest) and (page.change_hides_words or is_taken_back(page.lesson_key)),
        texts=texts_of(page.lesson_key, page.title, page.summary, document),
    )


def _tell_late(current: LessonRevision, page: LessonPage) -> LessonRevision:
    """An editor who forgot the tag publishes once more with it: it may rise, never sink."""
    if current.change == FIRST:
        return current
    before = (current.change, current.note, current.hides_words)
    weights = list(Change)
    if weights.index(Change(page.change_kind)) > weights.index(Change(current.change)):
        current.change, current.note = page.change_kind, page.change_note.strip()
    current.hides_words = current.hides_words or page.change_hides_words
    if before != (current.change, current.note, current.hides_words):
        current.save(update_fields=["change", "note", "hides_words"])
    return current


def forget_change(page: LessonPage, published: Any) -> None:
    """Clear the tag of the edit just published, on the page and in the drafts that carry it along.

    So it is never put on the next edit by accident.
    """
    clean = {"change_kind": Change.MINOR.value, "change_note": "", "change_hides_words": False}
    tag = {name: getattr(page, name) for name in clean}
    if tag == clean:
        return
    LessonPage.objects.filter(pk=page.pk).update(**clean)
    for name, value in clean.items():
        setattr(page, name, value)
    for draft in page.revisions.filter(pk__gte=published.pk) if published else ():
        if tag.items() <= draft.content.items():
            # Not save(): the draft is the same draft, only without the tag.
            page.revisions.filter(pk=draft.pk).update(content=draft.content | clean)


def content_hash(page: LessonPage, document: Document) -> str:
    """Equal for two states of a lesson exactly when a reader would see the same.

    Asked of what the body says, not of how it is stored: the editor puts keys of its own into rich
    text each time a page is opened, and writes what is empty in more than one way.
    """
    seen = {
        "title": page.title,
        "summary": page.summary,
        "minutes": page.minutes,
        "credit_hours": f"{Decimal(page.credit_hours):.2f}",
        "cover": page.cover_id,
        "body": said(document.elements),
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


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
    columns = rows.values_list("revision", "change", "note", "published_at")
    return [Correction(*row) for row in columns]


def corrected(keys: Collection[UUID]) -> list[tuple[UUID, int]]:
    """(lesson, revision) of each correction of fact or importance, in one query."""
    rows = LessonRevision.objects.filter(lesson_key__in=list(keys)).told_to_readers()
    return list(rows.order_by("revision").values_list("lesson_key", "revision"))


def told_corrections() -> dict[UUID, dict[int, str]]:
    """By lesson each revision that corrected a fact or something important, with its kind."""
    rows = LessonRevision.objects.told_to_readers().order_by("revision")
    found: dict[UUID, dict[int, str]] = {}
    for key, revision, change in rows.values_list("lesson_key", "revision", "change"):
        found.setdefault(key, {})[revision] = change
    return found


def newest_and_corrected(
    keys: Collection[UUID],
) -> tuple[dict[UUID, int], list[tuple[UUID, int]]]:
    """What ``current_revisions`` and ``corrected`` say, in one query."""
    rows = LessonRevision.objects.filter(lesson_key__in=list(keys)).order_by("revision")
    columns = list(rows.values_list("lesson_key", "revision", "change"))
    newest = {key: revision for key, revision, _ in columns}
    return newest, [(key, revision) for key, revision, change in columns if change in TOLD]


def changes(lesson_key: UUID, since_revision: int) -> list[Correction]:
    """Corrections of fact or importance after a revision, oldest first, with before and after.

    Each says what differs from the correction before it, the first from ``since_revision``: read in
    order they lead from the text that was read to the corrected one, small edits in between
    included. Publications from before texts were kept cannot be compared: then ``blocks`` is empty.
    """
    of_it = LessonRevision.objects.of(lesson_key).filter(revision__gte=since_revision)
    rows = list(of_it.order_by("revision"))
    hidden = taken_back(rows)
    found: list[Correction] = []
    base: Texts = {}
    base_revision = 0
    for row in rows:
        if row.revision > since_revision and row.is_told_to_readers:
            blocks = changed_blocks(base, row.texts) if base else []
            shown = [without_taken_back(block, hidden, base_revision) for block in blocks]
            correction = Correction(row.revision, row.change, row.note, row.published_at, shown)
            found.append(correction)
            base, base_revision = row.texts, row.revision
        if not base:
            base, base_revision = row.texts, row.revision
    return found


def taken_back(rows: Iterable[LessonRevision]) -> int:
    """The last of these publications before which no words are shown to anybody any more.

    Of no block: words that were moved before they were taken out stood in several.
    """
    return max((row.revision for row in rows if row.hides_words), default=0)


def without_taken_back(block: ChangedBlock, hidden: int, since: int) -> ChangedBlock:
    """The block as it may be told that compares with the revision ``since``."""
    return block.without_words() if hidden > since else block


def current_revisions(keys: Iterable[UUID] | None = None) -> dict[UUID, int]:
    """The latest revision of each lesson (default: of all) that was ever published, open or not."""
    rows = LessonRevision.objects.values("lesson_key")
    rows = rows if keys is None else rows.filter(lesson_key__in=list(keys))
    return {r["lesson_key"]: r["latest"] for r in rows.annotate(latest=Max("revision"))}


def publications(keys: Collection[UUID]) -> dict[UUID, dict[int, datetime]]:
    """What ``revisions`` says of one lesson, of several by key; without those never published."""
    rows = LessonRevision.objects.filter(lesson_key__in=list(keys))
    found: dict[UUID, dict[int, datetime]] = {}
    for key, revision, moment in rows.values_list("lesson_key", "revision", "published_at"):
        found.setdefault(key, {})[revision] = moment
    return found


def outline(lesson_key: UUID, revision: int | None = None) -> Outline:
    """The outline of one revision (default: the latest). Raises NotFound for an unknown lesson or
    number."""
    if revision is None:
        revision = current_revisions([lesson_key]).get(lesson_key, 0)
    return _stored_outline(lesson_key, revision)


def outlines(pairs: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], Outline]:
    """Outlines by (lesson_key, revision), in one query; pairs never published are left out."""
    wanted = set(pairs)
    found = {pair: kept for pair in wanted if (kept := _kept_outlines.get(pair))}
    if missing := wanted - found.keys():
        found |= _stored_outlines(missing)
    return found


def _stored_outline(lesson_key: UUID, revision: int) -> Outline:
    pair = (lesson_key, revision)
    found = outlines([pair])
    if pair not in found:
        raise NotFound("lesson_not_found", "没有这一课，或者它还没有发布过。")
    return found[pair]


# A stored outline never changes, so every process keeps those it was asked for.
_kept_outlines: dict[tuple[UUID, int], Outline] = {}
MOST_KEPT = 4096


def _stored_outlines(pairs: set[tuple[UUID, int]]) -> dict[tuple[UUID, int], Outline]:
    keys, numbers = {key for key, _ in pairs}, {number for _, number in pairs}
    rows = LessonRevision.objects.filter(lesson_key__in=keys, revision__in=numbers)
    stored = rows.values_list("lesson_key", "revision", "outline")
    found = {(k, n): Outline.from_json(k, n, kept) for k, n, kept in stored if (k, n) in pairs}
    # Inside a transaction one may see what will never have been: kept once it is over, if at all.
    transaction.on_commit(partial(_keep, found))
    return found


def _keep(found: dict[tuple[UUID, int], Outline]) -> None:
    if len(_kept_outlines) + len(found) > MOST_KEPT:
        _kept_outlines.clear()
    _kept_outlines.update(found)
