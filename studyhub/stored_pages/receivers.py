"""What public pages show of the database, watched table by table.

``tests/stored_pages/test_watched.py`` renders every page and compares the tables that were read
with these.
"""

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)

from content.signals import lesson_moved, lesson_published, lesson_withdrawn
from studyhub.core.signals import database_current, database_restored
from studyhub.stored_pages.changes import tell_change

# Pages are watched whatever their kind. Models by their classes: those of a migration have the same
# names, and this table may not be there yet.
WATCHED = {
    apps.get_model(label)
    for label in (
        "content.LessonRevision",
        "content.Pronunciation",
        "organisation.Organisation",
        "wagtailcore.PageViewRestriction",
        "wagtailcore.Site",
        "wagtailcore.Locale",
        "wagtaildocs.Document",
        "wagtailimages.Image",
        "wagtailmedia.Media",
    )
}
# Made while a page is rendered, so only that one goes is news.
WATCHED_WHEN_DELETED = {apps.get_model("wagtailimages.Rendition")}
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


@receiver(post_save, dispatch_uid="stored_pages.saved")
def hear_saved(
    instance: Any, raw: bool = False, update_fields: Collection[str] | None = None, **kwargs: Any
) -> None:
    drafted = update_fields is not None and OF_DRAFTS.issuperset(update_fields)
    is_page = isinstance(instance, Page) and not drafted
    if not raw and (is_page or type(instance) in WATCHED):
        tell_change()


@receiver(post_delete, dispatch_uid="stored_pages.deleted")
def hear_deleted(instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, Page) or type(instance) in WATCHED | WATCHED_WHEN_DELETED:
        tell_change()


# Whole branches of the tree change their address without a row being saved by Django.
for _signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
    _signal.connect(tell_change, dispatch_uid="stored_pages.changed")
for _signal in (lesson_published, lesson_withdrawn, lesson_moved):
    _signal.connect(tell_change, dispatch_uid="stored_pages.changed")
for _signal in (database_current, database_restored):
    _signal.connect(tell_change, dispatch_uid="stored_pages.changed")
