"""Which files of the library hold the same sound: noted when a file is kept (decision 0051)."""

import logging
from typing import Any

from wagtailmedia.models import get_media_model

from content.models import RecordingSound
from content.recordings import sound_hash
from studyhub.core.errors import FilesAway

logger = logging.getLogger(__name__)


def note_sound(media: Any) -> None:
    """Of the file as it is stored; one that cannot be read is looked at again every night."""
    try:
        with media.file.open("rb") as file:
            digest = sound_hash(file)
    except (OSError, FilesAway):
        logger.warning("A recording cannot be read: %s", media.file.name, exc_info=True)
        return
    RecordingSound.objects.update_or_create(media_id=media.pk, defaults={"sha256": digest})


def note_all_sounds() -> None:
    """Of files from before sounds were noted. Safe to repeat."""
    for media in get_media_model().objects.filter(sound=None).order_by("pk"):
        note_sound(media)
