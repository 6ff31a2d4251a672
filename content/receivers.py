"""What content does when Wagtail publishes and takes down, when files come and go, and when the
lexicon changes."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.dispatch import receiver
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import PageViewRestriction, Revision, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
)
from wagtailmedia.models import get_media_model

from content import lexicon, oral_histories, search_index
from content.files_in_use import look_at_files, refuse_deletion_in_use, refuse_swap_in_use
from content.fixed_pages import ensure_pages
from content.models import (
    ExhibitCode,
    HeritageSitePage,
    LessonPage,
    OralHistory,
    Pronunciation,
    ReadingSignOff,
)
from content.models.reviews import levels
from content.pictures import normal_picture
from content.proof_reading import ensure_rules
from content.publication import (
    below_page_changed,
    lesson_draft_was_saved,
    lesson_is_planned,
    lesson_was_taken_down,
    lesson_went_live,
)
from content.recording_sounds import note_all_sounds, note_sound
from content.recordings import RECORDING_STAYS, named_by_contents, short_name, without_place
from content.reviews.workflow import ensure_workflow
from content.signals import Withdrawal
from studyhub.core.characters import clean_all
from studyhub.core.errors import Conflict
from studyhub.core.signals import database_current, memory_outdated


@receiver(database_current, dispatch_uid="content.fixed_pages")
def hear_database_current(**kwargs: Any) -> None:
    ensure_pages(settings.PUBLIC_URL)
    ensure_workflow()
    ensure_rules()
    note_all_sounds()


@receiver(page_published, sender=LessonPage, dispatch_uid="content.lesson_published")
def hear_published(instance: LessonPage, revision: Any = None, **kwargs: Any) -> None:
    """Wagtail says so, too, when a page that is not live is only planned to be."""
    if instance.live:
        lesson_went_live(instance, revision)
    else:
        lesson_is_planned(instance)


@receiver(page_published, dispatch_uid="content.consent_given")
def hear_consent(instance: Any, **kwargs: Any) -> None:
    oral_histories.settle(instance)


@receiver(page_published, sender=HeritageSitePage, dispatch_uid="content.exhibits_published")
def hear_exhibits(instance: HeritageSitePage, **kwargs: Any) -> None:
    if instance.live:
        ExhibitCode.note(instance)
        look_at_files(instance)


@receiver(post_save, sender=OralHistory, dispatch_uid="content.consent_changed")
def hear_consent_changed(instance: OralHistory, raw: bool = False, **kwargs: Any) -> None:
    """In the transaction that changed it: who withdraws is heard nowhere the next moment."""
    if not raw:
        oral_histories.act_on(instance)


@receiver(post_save, sender=LessonPage, dispatch_uid="content.alias_published")
def hear_alias(
    instance: LessonPage, created: bool = False, raw: bool = False, **kwargs: Any
) -> None:
    """A page that mirrors a live one is live at once, and Wagtail tells nobody."""
    if created and not raw and instance.live and instance.alias_of_id:
        lesson_went_live(instance, None)


@receiver(post_save, sender=Revision, dispatch_uid="content.draft_saved")
def hear_draft(instance: Revision, raw: bool = False, **kwargs: Any) -> None:
    """By whatever door it was written; the draft that counts is the newest."""
    if raw or instance.content_type != ContentType.objects.get_for_model(LessonPage):
        return
    if instance.is_latest_revision():
        lesson_draft_was_saved(instance.as_object())


@receiver(page_unpublished, sender=LessonPage, dispatch_uid="content.lesson_unpublished")
def hear_unpublished(instance: LessonPage, **kwargs: Any) -> None:
    lesson_was_taken_down(instance, _why(instance))


@receiver(post_save, sender=PageViewRestriction, dispatch_uid="content.restricted")
@receiver(post_delete, sender=PageViewRestriction, dispatch_uid="content.restriction_lifted")
def hear_restriction(instance: PageViewRestriction, raw: bool = False, **kwargs: Any) -> None:
    """Not while a database is being filled: what it was told is in it."""
    if not raw:
        below_page_changed(instance.page)


@receiver([page_slug_changed, post_page_move], dispatch_uid="content.moved")
def hear_moved(instance: Any, **kwargs: Any) -> None:
    below_page_changed(instance)


def _why(page: LessonPage) -> Withdrawal:
    """A live page that is deleted is unpublished first, without that being stored."""
    if LessonPage.objects.filter(pk=page.pk, live=True).exists():
        return Withdrawal.DELETED
    return Withdrawal.EXPIRED if page.expired else Withdrawal.UNPUBLISHED


@receiver(post_save, sender=ReadingSignOff, dispatch_uid="content.reading_signed")
@receiver(post_delete, sender=ReadingSignOff, dispatch_uid="content.reading_deleted")
def apply_reading(instance: ReadingSignOff, **kwargs: Any) -> None:
    """Ruby at once, and the search entries of the lessons in which the word stands or stood."""
    lexicon.forget_words()
    signed = ReadingSignOff.objects.filter(reading=instance.reading_id)
    told = [instance.told, *signed.values_list("told", flat=True)]
    search_index.rebuild_with({one["term"] for one in told})


@receiver(pre_delete, sender=Pronunciation, dispatch_uid="content.reading_in_use")
def refuse_reading_in_use(instance: Pronunciation, **kwargs: Any) -> None:
    """By whatever door, several at once as well."""
    instance.refuse_deletion()


@receiver(memory_outdated, dispatch_uid="content.forget")
def forget(**kwargs: Any) -> None:
    """Readings, addresses of pages, and what is known of files."""
    lexicon.forget_words()
    Site.clear_site_root_paths_cache()
    caches["renditions"].clear()


@receiver(pre_save, sender=LessonPage, dispatch_uid="content.clean_lesson")
@receiver(pre_save, sender=HeritageSitePage, dispatch_uid="content.clean_site")
def clean_body(instance: Any, **kwargs: Any) -> None:
    """PostgreSQL does not even store some of these signs; columns of text are cleaned in core."""
    stored = instance.body.get_prep_value()
    cleaned = clean_all(stored)
    if cleaned != stored:
        instance.body = instance.body.stream_block.to_python(cleaned)


@receiver(pre_save, sender=get_image_model(), dispatch_uid="content.normal_picture")
def keep_normal(instance: Any, **kwargs: Any) -> None:
    """By whatever door it came in; the form of the desk and the content API did it already."""
    file = instance.file
    if not file or file._committed:
        return
    # Not where the product itself cleans a file of a place or a device.
    if instance.pk and levels() and not getattr(instance, "is_being_cleaned", False):
        refuse_swap_in_use(instance)
    file.open("rb")
    data = file.read()
    file.seek(0)
    normal = normal_picture(data)
    if normal != data:
        instance.file = ContentFile(normal, name=file.name)
        instance._set_image_file_metadata()


@receiver(pre_save, sender=get_media_model(), dispatch_uid="content.without_place")
def keep_no_place(instance: Any, **kwargs: Any) -> None:
    """Neither where a recording was made nor with what."""
    file = instance.file
    if not file or file._committed:
        return
    if instance.pk and not getattr(instance, "is_being_cleaned", False):
        raise Conflict("recording_stays", RECORDING_STAYS)
    if (kept := without_place(file.file)) is not file.file:
        instance.file = kept
    instance.file.name = named_by_contents(instance.file)
    instance.has_new_sound = True


@receiver(post_save, sender=get_media_model(), dispatch_uid="content.note_sound")
def hear_recording(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """The same sound in another file needs the same consent."""
    if not raw and instance.__dict__.pop("has_new_sound", False):
        note_sound(instance)


@receiver(pre_save, sender=get_document_model(), dispatch_uid="content.document_name")
def keep_name_short(instance: Any, **kwargs: Any) -> None:
    """File systems count bytes, and a Chinese character has three."""
    file = instance.file
    if file and not file._committed:
        file.name = short_name(file.name)


@receiver(pre_delete, sender=get_media_model(), dispatch_uid="content.media_with_story")
def refuse_with_story(instance: Any, **kwargs: Any) -> None:
    oral_histories.refuse_deletion(instance)


@receiver(pre_delete, sender=get_image_model(), dispatch_uid="content.image_in_use")
@receiver(pre_delete, sender=get_document_model(), dispatch_uid="content.document_in_use")
@receiver(pre_delete, sender=get_media_model(), dispatch_uid="content.media_in_use")
def refuse_if_in_use(instance: Any, **kwargs: Any) -> None:
    refuse_deletion_in_use(instance)
