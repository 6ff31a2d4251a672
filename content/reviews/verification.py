"""Whether everything that is live was signed, and is still what was signed."""

from collections.abc import Iterator
from typing import Any

from wagtail.images import get_image_model
from wagtail.utils.file import hash_filelike

from content.models import BlockTwin
from content.models.reviewed import named, reviewed_models
from content.models.reviews import levels, levels_asked, signed_of
from content.units import Unit, units_of


def differences() -> Iterator[str]:
    """One sentence for each live page or picture that is not what was signed."""
    if not levels():
        return
    for model in reviewed_models():
        for page in model.objects.live().order_by("path"):
            yield from _of_page(page)


def _of_page(page: Any) -> Iterator[str]:
    units = units_of(page)
    if unsigned := signed_of(page, units).unsigned(levels_asked(page)):
        yield f"《{page.title}》有 {len(unsigned)} 处没有审签：{named(unsigned)}"
    yield from _changed_files(page, units)
    yield from _unsigned_twins(page)


def _unsigned_twins(page: Any) -> Iterator[str]:
    """Words in another language that are not the ones that were signed; readers do not see them."""
    twins = BlockTwin.objects.of(page.translation_key).filter(state=BlockTwin.State.SIGNED)
    wrong = [one for one in twins.prefetch_related("signatures") if not one.is_signed()]
    if wrong:
        yield f"《{page.title}》有 {len(wrong)} 段译文与签的不一致，读者看不到。请重新译、重新签。"


def _changed_files(page: Any, units: list[Unit]) -> Iterator[str]:
    """Pictures whose file is another than the one whose hash was signed."""
    numbers = {number for unit in units for number in unit.images}
    for image in get_image_model().objects.filter(pk__in=numbers):
        if image.file_hash and _hash_of(image) not in ("", image.file_hash):
            yield f"《{page.title}》的图片“{image.title}”，文件被换过"


def _hash_of(image: Any) -> str:
    """Empty where the file is gone or out of reach: the page's editor is told of that elsewhere."""
    try:
        with image.file.open("rb") as file:
            return str(hash_filelike(file))
    except OSError:
        return ""
