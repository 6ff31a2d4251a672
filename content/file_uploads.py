"""Pictures and recordings of files on disk, each uploaded once."""

from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from wagtail.images import get_image_model
from wagtailmedia.models import get_media_model

from content.pictures import normal_picture


def put_image(path: Path) -> Any:
    """The stored image of this file, uploaded once; a changed file is uploaded anew."""
    model = get_image_model()
    data = normal_picture(path.read_bytes())
    image = model(title=path.stem, file=ContentFile(data, name=path.name))
    image._set_file_hash()
    known = model.objects.filter(file_hash=image.file_hash).first()
    if known:
        return known
    image._set_image_file_metadata()
    image.save()
    return image


def put_sound(path: Path, title: str, seconds: int) -> Any:
    model = get_media_model()
    known = model.objects.filter(title=title, type="audio").first()
    if known:
        return known
    with path.open("rb") as file:
        return model.objects.create(
            title=title, type="audio", duration=seconds, file=File(file, name=path.name)
        )
