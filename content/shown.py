"""What public pages show of Wagtail's tables and ours, watched table by table.

``tests/stored_pages/test_watched.py`` renders every page and compares the tables that were read
with these.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move
from wagtailmedia.models import get_media_model

from content.models import (
    BlockTwin,
    ExhibitCode,
    FeaturedDay,
    LessonRevision,
    ReadingSignOff,
    RecordingSound,
    TwinPicture,
    TwinSignOff,
)
from studyhub.core.signals import shown_changed

# Pages are watched whatever their kind. Models by their classes: those of a migration have the same
# names, and other tables may not be there yet.
WATCHED = {
    BlockTwin,
    ExhibitCode,
    FeaturedDay,
    LessonRevision,
    ReadingSignOff,
    RecordingSound,
    TwinPicture,
    TwinSignOff,
    Locale,
    PageViewRestriction,
    Redirect,
    Site,
    get_document_model(),
    get_image_model(),
    get_media_model(),
}
# Django tells of a row after it is committed where nobody began a transaction: with these there
# always is one, so that no reader sees the row without the word of it.
for _model in WATCHED:
    _model.save = transaction.atomic(_model.save)
# Made while a page is rendered, so only that one goes is news.
WATCHED_WHEN_DELETED = {get_image_model().get_rendition_model()}
# What an editor's draft writes into the row of its page.
OF_DRAFTS = {
    "draft_title",
    "has_unpublished_changes",
    "latest_revision",
    "latest_revision_created_at",
    "locked",
    "locked_at",
    "locked_by",
}


@receiver(post_save, dispatch_uid="content.shown_saved")
def hear_saved(
    sender: Any,
    instance: Any,
    raw: bool = False,
    update_fields: Collection[str] | None = None,
    **kwargs: Any,
) -> None:
    drafted = update_fields is not None and OF_DRAFTS.issuperset(update_fields)
    is_page = issubclass(sender, Page) and not drafted
    if not getattr(instance, "is_public", True):
        return
    if not raw and (is_page or sender in WATCHED):
        shown_changed.send(sender)


@receiver(post_delete, dispatch_uid="content.shown_deleted")
def hear_deleted(sender: Any, **kwargs: Any) -> None:
    if issubclass(sender, Page) or sender in WATCHED | WATCHED_WHEN_DELETED:
        shown_changed.send(sender)


@receiver(
    [page_published, page_unpublished, page_slug_changed, post_page_move],
    dispatch_uid="content.shown_moved",
)
def hear_moved(sender: Any, **kwargs: Any) -> None:
    """Whole branches of the tree change their address without a row being saved by Django."""
    shown_changed.send(sender)
