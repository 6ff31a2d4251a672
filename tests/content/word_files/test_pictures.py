"""Pictures of a file: by their content, small enough, without what a camera wrote."""

from io import BytesIO

import pytest
from PIL import Image

from content.word_files.pictures import LONGEST_SIDE, fit_picture
from tests.content.word_files.docx_files import a_png

PLACE, TURNED = 0x8825, 0x0112


def saved(kind: str, size: tuple[int, int] = (30, 20), mode: str = "RGB", exif=None) -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **({"exif": exif} if exif else {}))
    return out.getvalue()


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("size", [(40, 20), (4000, 2000)])
def test_what_a_camera_wrote_is_taken_out_and_the_picture_is_upright(size):
    exif = Image.Exif()
    exif[TURNED] = 6
    exif.get_ifd(PLACE)[1] = "N"
    image = opened(fit_picture(saved("JPEG", size, exif=exif)))
    assert not image.getexif()
    assert image.height > image.width
    assert max(image.size) <= LONGEST_SIDE


@pytest.mark.parametrize(("kind", "mode"), [("BMP", "RGB"), ("TIFF", "RGB"), ("TIFF", "CMYK")])
def test_kinds_that_phones_do_not_show_are_written_anew(kind, mode):
    assert opened(fit_picture(saved(kind, mode=mode))).format == "PNG"


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_large_pictures_of_any_colours_are_made_smaller(mode):
    image = opened(fit_picture(saved("JPEG", (3000, 100), mode)))
    assert (image.format, image.width) == ("JPEG", LONGEST_SIDE)


def test_a_small_picture_stays_as_it_is():
    assert fit_picture(a_png()) == a_png()


@pytest.mark.parametrize(
    "data",
    [b"", b"\0", b"<svg onload=alert(1)/>", b"\x01\0\0\0" + b"\0" * 36 + b" EMF", a_png()[:60]],
)
def test_what_is_no_picture_is_none(data):
    assert fit_picture(data) is None
