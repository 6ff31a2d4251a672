"""What content does when Wagtail publishes and takes down, and when the lexicon changes."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from content import lexicon, searching
from content.models import LessonPage, Reading
from content.revising import forget_change, record_revision


@receiver(page_published, sender=LessonPage, dispatch_uid="content.record_revision")
def give_revision(instance: LessonPage, revision: Any = None, **kwargs: Any) -> None:
    record_revision(instance)
    forget_change(instance, revision)


@receiver(page_published, sender=LessonPage, dispatch_uid="content.put_search_entry")
def make_findable(instance: LessonPage, **kwargs: Any) -> None:
    """In the transaction that publishes: what is live can be found, and says what it says now."""
    searching.put_entry(instance)


@receiver(page_unpublished, sender=LessonPage, dispatch_uid="content.drop_search_entry")
@receiver(post_delete, sender=LessonPage, dispatch_uid="content.drop_search_entry_of_deleted")
def make_unfindable(instance: LessonPage, **kwargs: Any) -> None:
    searching.drop_entry(instance.translation_key)


@receiver(post_save, sender=Reading, dispatch_uid="content.reading_saved")
@receiver(post_delete, sender=Reading, dispatch_uid="content.reading_deleted")
def apply_reading(instance: Reading, **kwargs: Any) -> None:
    """Ruby at once, and the search entries of the lessons in which the word stands or stood."""
    lexicon.forget_words()
    searching.rebuild_with({instance.term, instance.loaded_term} - {""})
