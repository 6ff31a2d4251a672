"""A picture as it is kept: 8 bits, RGB, upright, and nothing in it but what one sees.

What a camera or a phone writes beside the picture (place, time, owner, a short film) is taken out
before the file is stored, so no later door can show it.
"""

from collections.abc import Iterator
from functools import wraps
from io import BytesIO
from typing import Any

from django.conf import settings
from PIL import Image, ImageOps
from wagtail.images.models import Filter, SourceImageIOError

from studyhub.core.errors import Invalid

# All frames together; decoding takes four bytes for each.
MOST_PIXELS: int = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
SHOWN = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
FORMATS = ("GIF", "JPEG", "PNG", "WEBP")
_HARMLESS_CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs acTL fcTL fdAT".split()
)
_HARMLESS_SEGMENTS = ("APP0", "APP2", "APP14")  # JFIF, colours, Adobe's word on the colours
BOMBS = (Image.DecompressionBombWarning, Image.DecompressionBombError)


def normal_picture(data: bytes) -> bytes:
    """The file as it is kept; the same bytes where nothing has to be done.

    Raises Invalid ``too_many_pixels`` before anything is decoded, ``bad_picture`` for what cannot
    be read to its end.
    """
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            _refuse_too_large(image)
            image.load()
            return data if _is_normal(image, data) else _made_normal(image)
    except BOMBS:
        raise too_large() from None
    except Invalid:
        raise
    # Broken files make the decoders raise whatever they like.
    except Exception as error:
        raise unreadable() from error


def _refuse_too_large(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise too_large()
    if width * height * getattr(image, "n_frames", 1) > MOST_PIXELS:
        raise too_large()


def too_large() -> Invalid:
    """What is said of a picture that is not decoded."""
    detail = (
        f"图片最多 {MOST_PIXELS // 10_000} 万像素。请缩小以后再传，手机上看 1200 像素宽就够了。"
    )
    return Invalid("too_many_pixels", detail)


def unreadable() -> Invalid:
    """What is said of a picture that cannot be decoded to its end."""
    detail = "这张图片读不出来，可能没有传完或者文件坏了。请用看图软件打开，另存一份再传。"
    return Invalid("bad_picture", detail)


def _is_normal(image: Image.Image, data: bytes) -> bool:
    if image.mode not in SHOWN or image.getexif() or "xmp" in image.info:
        return False
    if image.format == "PNG":
        chunks = set(_chunks(data))
        return data[24] <= 8 and b"IEND" in chunks and chunks <= _HARMLESS_CHUNKS
    if image.format == "JPEG":
        return _is_plain_jpeg(image, data)
    return image.format == "WEBP"


def _chunks(data: bytes) -> Iterator[bytes]:
    place = 8
    while place + 8 <= len(data):
        yield data[place + 4 : place + 8]
        place += 12 + int.from_bytes(data[place : place + 4], "big")


def _is_plain_jpeg(image: Any, data: bytes) -> bool:
    """No segment but the known ones, no comment, and nothing after the picture's end."""
    segments = {name for name, _ in image.applist}
    return segments <= set(_HARMLESS_SEGMENTS) and data.endswith(b"\xff\xd9")


def _made_normal(image: Image.Image) -> bytes:
    kind = "JPEG" if image.format == "MPO" else str(image.format)
    moves = kind != "JPEG" and getattr(image, "n_frames", 1) > 1
    made: Any = image if moves else upright_in_rgb(image)
    options: dict[str, Any] = {"quality": 92} if kind in ("JPEG", "WEBP") else {}
    if moves:
        options["save_all"] = True
    if colours := image.info.get("icc_profile"):
        options |= {"icc_profile": colours} if made.mode in ("RGB", "RGBA") else {}
    kept = ("transparency", "duration", "loop", "background")
    made.info = {name: made.info[name] for name in kept if name in made.info}
    out = BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def upright_in_rgb(image: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(image) or image
    if upright.mode.startswith(("I", "F")):
        return _in_eight_bits(upright)
    if upright.mode in SHOWN:
        return upright
    upright.info.pop("icc_profile", None)
    return upright.convert("RGBA" if upright.mode in ("PA", "La", "RGBa") else "RGB")


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits; a plain conversion would only cut off what is above 255."""
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def name_broken_pictures_alike() -> None:
    """Wagtail's screens stand a picture whose file is gone, and fall over one whose file is broken.
    Both become ``SourceImageIOError``, an OSError. Call once, from ``AppConfig.ready()``."""
    run = Filter.run

    @wraps(run)
    def run_or_say(self: Filter, *args: Any, **kwargs: Any) -> Any:
        try:
            return run(self, *args, **kwargs)
        except SourceImageIOError:
            raise
        # Decoders raise whatever they like over a broken file.
        except Exception as error:
            raise SourceImageIOError(str(error)) from error

    Filter.run = run_or_say
