"""Which pictures and recordings stand in drafts alone: noted whenever a draft is saved."""

from typing import Any

from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.document import document_of
from content.models import DraftFile, LessonPage
from content.units import files_shown

Files = set[tuple[str, Any]]


def note_draft_files(draft: Any) -> None:
    """Of the newest one; what the stored page shows as well is in Wagtail's index. Safe to repeat:
    row by row, because the index hears of nothing else."""
    stored = LessonPage.objects.filter(pk=draft.pk).first()
    alone = _files_of(draft) - (_files_of(stored) if stored else set())
    for row in DraftFile.objects.filter(page_id=draft.pk):
        if row.file in alone:
            alone.remove(row.file)
        else:
            row.delete()
    for kind, number in alone & _there(alone):
        DraftFile.objects.create(page_id=draft.pk, **{f"{kind}_id": number})


def _files_of(page: Any) -> Files:
    shown = files_shown(page, document_of(page.body))
    return {(kind, number) for kind, numbers in shown.items() for number in numbers}


def _there(files: Files) -> Files:
    models = {"image": get_image_model(), "media": get_media_model()}
    numbers = {kind: [number for one, number in files if one == kind] for kind in models}
    found = {kind: models[kind].objects.filter(pk__in=those) for kind, those in numbers.items()}
    return {(kind, pk) for kind, rows in found.items() for pk in rows.values_list("pk", flat=True)}


def note_all_draft_files() -> None:
    """Of drafts from before they were noted. Safe to repeat."""
    for page in LessonPage.objects.filter(has_unpublished_changes=True):
        note_draft_files(page.get_latest_revision_as_object())
