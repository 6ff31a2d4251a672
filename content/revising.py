"""Giving a published lesson its revision."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from content.models import LessonPage, LessonRevision
from content.reading import content_hash, outline_of


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
        return current
    return LessonRevision.objects.create(
        lesson_key=page.translation_key,
        revision=latest + 1,
        outline=outline_of(page, latest + 1).to_json(),
        content_hash=digest,
        published_at=timezone.now(),
    )
