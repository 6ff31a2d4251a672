"""Pictures of a file of questions: as they are kept, or a sentence that says what to do."""

import hashlib
import logging
from base64 import b64encode
from collections.abc import Callable, Iterable
from io import BytesIO
from zipfile import ZipFile

from django.utils.functional import cached_property
from PIL import Image
from wagtail.images import get_image_model

from content.pictures import FORMATS, upright_in_rgb
from content.word_files.pictures import MOST_PICTURE_BYTES, MOST_PICTURES, fitted_picture
from studyhub.core.errors import Invalid
from studyhub.core.sheets.drawings import Drawings, part_bytes
from studyhub.core.sheets.reading import read_drawings

SMALL = 160  # pixels of the longer side
logger = logging.getLogger(__name__)
NOT_YET = -1  # the number of an image that is stored when the question is
SHEET_FORMATS = ("GIF", "JPEG", "PNG")  # that every spreadsheet shows
_VECTORS: dict[str, Callable[[bytes], bool]] = {
    "EMF": lambda data: data[:4] == b"\1\0\0\0" and data[40:44] == b" EMF",
    "WMF": lambda data: data[:4] in (b"\xd7\xcd\xc6\x9a", b"\1\0\x09\0"),
    "SVG": lambda data: b"<svg" in data[:2000],
}
INSTEAD = "请截成图，换掉原来的，再导入"


def digest_of(data: bytes) -> str:
    """As Wagtail writes down what is in a picture's file."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def sheet_form(data: bytes) -> bytes:
    """The file as a spreadsheet shows it; the same each time. Raises OSError."""
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        if image.format in SHEET_FORMATS:
            return data
        out = BytesIO()
        image.convert("RGBA" if "A" in image.mode else "RGB").save(out, "PNG")
        return out.getvalue()


def small_picture(data: bytes | None) -> str:
    """A ``data:`` address to look at before anything is stored; empty where there is none."""
    if not data:
        return ""
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        image.thumbnail((SMALL, SMALL), Image.Resampling.BILINEAR, reducing_gap=2.0)
        small = upright_in_rgb(image).convert("RGBA")
        out = BytesIO()
        small.save(out, "WEBP", quality=60)
    return f"data:image/webp;base64,{b64encode(out.getvalue()).decode()}"


class FilePictures:
    """``kept`` are those that were looked at, by the digest of what is in the file."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self._looked_at = 0

    def take(self, data: bytes | None) -> str:
        """Its digest. Raises Invalid with a sentence that follows the name of its place."""
        if data is None:
            text = f"图片不在文件里，或者超过 {MOST_PICTURE_BYTES // 2**20} MB：{INSTEAD}"
            raise Invalid("picture_missing", text)
        digest = digest_of(data)
        if digest not in self.kept:
            self._looked_at += 1
            if self._looked_at > MOST_PICTURES:
                text = f"一次最多读 {MOST_PICTURES} 张图片，这一张没有读：请分成几个文件再导入"
                raise Invalid("too_many_pictures", text)
            self.kept[digest] = _as_kept(data)
        return digest


def _as_kept(data: bytes) -> bytes:
    for name, is_one in _VECTORS.items():
        if is_one(data):
            raise Invalid("vector_picture", f"图片是 {name} 矢量图，手机上显示不了：{INSTEAD}")
    try:
        return fitted_picture(data)
    except Invalid as problem:
        raise Invalid(problem.code, f"图片不能用：{problem.detail.rstrip('。')}") from problem


class SheetPictures:
    """Pictures of an .xlsx by row; nothing of other files."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.pictures = FilePictures()

    @cached_property
    def drawings(self) -> Drawings:
        return read_drawings(self._data)

    @property
    def has_any(self) -> bool:
        return bool(self.drawings.over or self.drawings.in_cells)

    @cached_property
    def _by_row(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for one in self.drawings.over:
            found.setdefault(one.row, []).append(one.part)
        return found

    def rows(self) -> set[int]:
        """In which pictures are anchored; 0 is no row."""
        return set(self._by_row)

    def of_row(self, number: int, called: Iterable[str] = ()) -> tuple[str, str]:
        """The digest of the row's picture, empty where it has none; or what to do. ``called`` are
        names that its cells call."""
        drawn = self._by_row.get(number, [])
        parts = [*drawn, *(self.drawings.in_cells.get(name, "") for name in called)]
        if len(parts) > 1:
            return "", f"这一行有 {len(parts)} 张图片，一题只能有一张：请留下一张"
        try:
            return (self.pictures.take(self._read(parts[0])) if parts else ""), ""
        except Invalid as problem:
            return "", problem.detail

    def _read(self, part: str) -> bytes | None:
        with ZipFile(BytesIO(self._data)) as parts:
            return part_bytes(parts, part, MOST_PICTURE_BYTES)


def is_in_file(image_id: int, digest: str) -> bool:
    """Whether the picture of the file is that of this image, as it is or as it was written out."""
    image = get_image_model().objects.filter(pk=image_id).first()
    if image is None:
        return False
    if image.file_hash == digest:
        return True
    try:
        with image.file.open("rb") as file:
            data = file.read()
        return digest in (digest_of(data), digest_of(sheet_form(data)))
    # Decoders raise whatever they like over a broken file.
    except Exception:
        logger.warning("A picture of the bank cannot be read: %s", image.file.name, exc_info=True)
        return False  # then what the file shows is taken
