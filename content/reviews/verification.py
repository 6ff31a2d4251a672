"""Whether everything that is live was signed, and is still what was signed."""

import hashlib
from collections.abc import Iterator
from typing import Any

from wagtail.images import get_image_model

from content.document import document_of
from content.elements import Figure
from content.models import LessonPage
from content.models.reviews import levels, unsigned_of


def differences() -> Iterator[str]:
    """One sentence for each live lesson or picture that is not what was signed."""
    if not levels():
        return
    for page in LessonPage.objects.live().order_by("path"):
        unsigned = unsigned_of(page)
        if unsigned:
            named = "、".join(unit.title for unit in unsigned[:3])
            yield f"《{page.title}》有 {len(unsigned)} 处没有审签：{named}"
        yield from _changed_files(page)


def _changed_files(page: LessonPage) -> Iterator[str]:
    """Pictures whose file is another than the one whose hash was signed."""
    numbers = {e.image_id for e in document_of(page.body).of_type(Figure)} | {page.cover_id}
    for image in get_image_model().objects.filter(pk__in=numbers - {None}):
        if image.file_hash and _hash_of(image) not in ("", image.file_hash):
            yield f"《{page.title}》的图片“{image.title}”，文件被换过"


def _hash_of(image: Any) -> str:
    """Empty where the file is gone or out of reach: the page's editor is told of that elsewhere."""
    try:
        with image.file.open("rb") as file:
            return hashlib.sha1(file.read(), usedforsecurity=False).hexdigest()
    except OSError:
        return ""
