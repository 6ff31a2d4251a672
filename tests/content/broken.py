"""Pictures of any kind, and what may become of stored files."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.cache import caches
from PIL import Image as Drawing
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.media import PHONE_SPEC

Image, Media = get_image_model(), get_media_model()


def drawn(mode: str = "RGB", kind: str = "PNG", size: Any = (64, 36), **options: Any) -> bytes:
    buffer = BytesIO()
    Drawing.new(mode, size, *([] if mode == "P" else [0])).save(buffer, kind, **options)
    return buffer.getvalue()


def replaced(data: bytes) -> Callable[[], None]:
    """The original is no longer what it was, and nothing was made of it yet."""

    def harm() -> None:
        for image in Image.objects.all():
            Path(image.file.path).write_bytes(data)
            for made in image.renditions.all():
                made.delete()
        caches["renditions"].clear()

    return harm


def original_gone() -> None:
    for image in Image.objects.all():
        Path(image.file.path).unlink()
        for made in image.renditions.all():
            made.delete()
    caches["renditions"].clear()


def made_form_gone() -> None:
    for image in Image.objects.all():
        Path(image.get_rendition(PHONE_SPEC).file.path).unlink()
    caches["renditions"].clear()


def everything_gone() -> None:
    made_form_gone()
    original_gone()


def recording_gone() -> None:
    for media in Media.objects.all():
        Path(media.file.path).unlink()
    caches["renditions"].clear()


HARMS = {
    "cut off": replaced(drawn()[:60]),
    "empty": replaced(b""),
    "16-bit grey": replaced(drawn("I;16")),
    "CMYK": replaced(drawn("CMYK", "JPEG")),
    "no picture": replaced(b"<svg/>"),
    "original gone": original_gone,
    "made form gone": made_form_gone,
    "everything gone": everything_gone,
    "recording gone": recording_gone,
}
