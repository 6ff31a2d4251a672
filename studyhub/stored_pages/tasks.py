"""Hints to workers. A lost one is made good by the sweep, a doubled one changes nothing."""

from celery import shared_task
from django.conf import settings

from studyhub.core.hints import give_hint
from studyhub.stored_pages import files, filling
from studyhub.stored_pages.models import Edition, PageChange
from studyhub.stored_pages.release import release


@shared_task
def refill() -> None:
    """Again where it was interrupted: by a change, or because it took its time."""
    if settings.STORED_PAGES and not filling.refill():
        give_hint(refill.delay)


@shared_task
def sweep_pages() -> None:
    edition = Edition.current()
    told = edition.release != release() or PageChange.objects.exists()
    if settings.STORED_PAGES and (told or not edition.is_whole or not files.stand(edition)):
        refill.delay()


@shared_task
def render_anew() -> None:
    """Every night: what no table tells of, such as a picture's file that came back."""
    PageChange.objects.create()
    refill()
