"""Files from before uploads were cleaned: put into the form in which they are kept today."""

import logging
from os.path import basename
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.models import SignOff
from content.models.reviewed import reviewed_models
from content.models.reviews import unsigned_of
from content.models.signing import sign_for_all
from content.pictures import normal_picture
from content.recordings import without_place
from studyhub.core.errors import Invalid

logger = logging.getLogger(__name__)


def clean_stored_files() -> tuple[int, list[str]]:
    """How many were changed, and the titles of those that cannot be read. Safe to repeat."""
    changed, unreadable = 0, []
    live = (page for model in reviewed_models() for page in model.objects.live())
    signed = [page for page in live if not unsigned_of(page)]
    for model, clean in ((get_image_model(), normal_picture), (get_media_model(), _recording)):
        for owner in model.objects.order_by("pk"):
            try:
                changed += _clean(owner, clean)
            except (Invalid, OSError):
                logger.warning("A stored file cannot be read: %s", owner.file.name, exc_info=True)
                unreadable.append(owner.title)
    for page in signed:  # the same picture without its place is not another
        sign_for_all(page, SignOff.Kind.BEFORE)
    return changed, unreadable


def _recording(data: bytes) -> bytes:
    return bytes(without_place(ContentFile(data)).read())


def _clean(owner: Any, clean: Any) -> bool:
    """Under a new name, so that no copy of the old file is taken for it; the old one is deleted."""
    with owner.file.open("rb") as file:
        data = file.read()
    kept = clean(data)
    if kept == data:
        return False
    storage, old = owner.file.storage, owner.file.name
    owner.file, owner.is_being_cleaned = ContentFile(kept, name=basename(old)), True
    with transaction.atomic():
        if hasattr(owner, "renditions"):
            owner._set_image_file_metadata()
            owner.renditions.all().delete()
        owner.save()
    storage.delete(old)
    return True
