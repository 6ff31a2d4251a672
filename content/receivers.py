"""What content does when Wagtail publishes and takes down, and when the lexicon changes."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from content import lexicon, search_index
from content.models import LessonPage, Pronunciation
from content.publication import lesson_was_taken_down, lesson_went_live
from content.signals import Withdrawal


@receiver(page_published, sender=LessonPage, dispatch_uid="content.lesson_published")
def hear_published(instance: LessonPage, revision: Any = None, **kwargs: Any) -> None:
    lesson_went_live(instance, revision)


@receiver(page_unpublished, sender=LessonPage, dispatch_uid="content.lesson_unpublished")
def hear_unpublished(instance: LessonPage, **kwargs: Any) -> None:
    lesson_was_taken_down(instance, _why(instance))


def _why(page: LessonPage) -> Withdrawal:
    """A live page that is deleted is unpublished first, without that being stored."""
    if LessonPage.objects.filter(pk=page.pk, live=True).exists():
        return Withdrawal.DELETED
    return Withdrawal.EXPIRED if page.expired else Withdrawal.UNPUBLISHED


@receiver(post_save, sender=Pronunciation, dispatch_uid="content.pronunciation_saved")
@receiver(post_delete, sender=Pronunciation, dispatch_uid="content.pronunciation_deleted")
def apply_pronunciation(instance: Pronunciation, **kwargs: Any) -> None:
    """Ruby at once, and the search entries of the lessons in which the word stands or stood."""
    lexicon.forget_words()
    search_index.rebuild_with({instance.term, instance.loaded_term} - {""})
