"""Pictures of a file: by their content, small enough, without what a camera wrote into them."""

from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from PIL import Image, ImageOps
from wagtail.images import get_image_model
from wagtail.models import Collection

from content.pictures import (
    BOMBS,
    FORMATS,
    MOST_PIXELS,
    normal_picture,
    too_large,
    unreadable,
    upright_in_rgb,
)
from studyhub.core.errors import Invalid

COLLECTION = "待补来源"
LONGEST_SIDE = 2560
MOST_PICTURES = 60
MOST_PICTURE_BYTES = 10 * 2**20
_ENDINGS = {"GIF": "gif", "JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
_ALSO_READ = ("BMP", "TIFF")  # made PNG


def fit_picture(data: bytes) -> bytes | None:
    """As it is kept; None for what is no picture that a phone can show, or too large to decode."""
    try:
        return fitted_picture(data)
    except Invalid:
        return None


def fitted_picture(data: bytes) -> bytes:
    """As ``fit_picture``; raises Invalid ``too_many_pixels`` or ``bad_picture`` with what to do."""
    return _made_smaller(data) or normal_picture(data)


def _made_smaller(data: bytes) -> bytes | None:
    """None for one that is small enough and of a kind that is kept."""
    try:
        with Image.open(BytesIO(data), formats=(*FORMATS, *_ALSO_READ)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise too_large()
            is_large = max(image.size) > LONGEST_SIDE and getattr(image, "n_frames", 1) == 1
            kept = image.format in FORMATS and not is_large
            return None if kept else _resized(image)
    except BOMBS:
        raise too_large() from None
    except Invalid:
        raise
    # Broken files make the decoders raise whatever they like.
    except Exception as error:
        raise unreadable() from error


def _resized(image: Any) -> bytes:
    """Written anew, with nothing in it but what one sees."""
    kind = image.format if image.format in FORMATS else "PNG"
    made = image if image.mode in ("RGB", "RGBA", "L") else upright_in_rgb(image)
    colours = image.info.get("icc_profile") if image.mode == "RGB" else None
    made.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    made = ImageOps.exif_transpose(made)
    if kind == "JPEG" and made.mode == "RGBA":
        made = made.convert("RGB")
    made.info = {}
    options: dict[str, Any] = {"quality": 92} if kind in ("JPEG", "WEBP") else {}
    out = BytesIO()
    made.save(out, kind, exif=b"", icc_profile=colours, **options)
    return out.getvalue()


class PictureShelf:
    """Stores pictures within a transaction; what it wrote is taken away again where that fails."""

    def __init__(self, title: str, by: Any) -> None:
        self._title = title
        self._by = by
        self._written: list[Any] = []
        self._number = 0

    def put(self, data: bytes) -> int:
        """The image's number; one whose bytes are known is not stored twice."""
        model = get_image_model()
        self._number += 1
        image = model(title=f"{self._title} 图{self._number}"[:255], uploaded_by_user=self._by)
        image.file = ContentFile(data, name=_name_for(data))
        image._set_file_hash()
        known = model.objects.filter(file_hash=image.file_hash).first()
        if known:
            return int(known.pk)
        image.collection = _collection()
        image._set_image_file_metadata()
        self._written.append(image)
        image.save()
        return int(image.pk)

    def clear(self) -> None:
        """The transaction failed: no file is left."""
        for image in self._written:
            if image.file and image.file._committed:
                image.file.storage.delete(image.file.name)


def _name_for(data: bytes) -> str:
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        return f"word-{uuid4().hex[:12]}.{_ENDINGS[str(image.format)]}"


def _collection() -> Collection:
    found = Collection.objects.filter(name=COLLECTION).first()
    if found:
        return found
    return Collection.get_first_root_node().add_child(name=COLLECTION)
