"""Giving a published lesson its revision, and what its editor said about the edit."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from content.models import FIRST, Change, LessonPage, LessonRevision
from content.reading import content_hash, outline_of
from content.wording import texts_of


@transaction.atomic
def record_revision(page: LessonPage) -> LessonRevision:
    """The revision of what is live now: the next number, or the latest one when nothing changed.

    Safe to repeat. The page row is locked so that two publishers cannot take the same number.
    """
    LessonPage.objects.select_for_update().only("pk").get(pk=page.pk)
    stored = LessonRevision.objects.of(page.translation_key)
    latest = stored.aggregate(latest=Max("revision"))["latest"] or 0
    digest = content_hash(page)
    current = stored.filter(revision=latest).first()
    if current and current.content_hash == digest:
        return _tell_late(current, page)
    return LessonRevision.objects.create(
        lesson_key=page.translation_key,
        revision=latest + 1,
        outline=outline_of(page, latest + 1).to_json(),
        content_hash=digest,
        published_at=timezone.now(),
        change=page.change_kind if latest else FIRST,
        note=page.change_note.strip() if latest else "",
        texts=texts_of(page),
    )


def _tell_late(current: LessonRevision, page: LessonPage) -> LessonRevision:
    """An editor who forgot the tag publishes once more with it: it may rise, never sink."""
    weights = list(Change)
    raised = current.change != FIRST and (
        weights.index(Change(page.change_kind)) > weights.index(Change(current.change))
    )
    if raised:
        current.change, current.note = page.change_kind, page.change_note.strip()
        current.save(update_fields=["change", "note"])
    return current


def forget_change(page: LessonPage, published: Any) -> None:
    """Clear the tag of the edit just published, on the page and in the drafts that carry it along,
    so that it is never put on the next edit by accident."""
    tag = {"change_kind": page.change_kind, "change_note": page.change_note}
    clean = {"change_kind": Change.MINOR.value, "change_note": ""}
    if tag == clean:
        return
    LessonPage.objects.filter(pk=page.pk).update(**clean)
    page.change_kind, page.change_note = clean["change_kind"], clean["change_note"]
    for draft in page.revisions.filter(pk__gte=published.pk) if published else ():
        if tag.items() <= draft.content.items():
            # Not save(): the draft is the same draft, only without the tag.
            page.revisions.filter(pk=draft.pk).update(content=draft.content | clean)
