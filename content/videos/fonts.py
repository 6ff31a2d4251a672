"""The letters of films: Noto Sans CJK SC, which the product brings along.

What our cut of it leaves out is taken from the whole font where the machine has it (Debian:
``fonts-noto-cjk``). A character that is in neither is refused, never drawn as a box.
"""

from functools import cache
from pathlib import Path

from PIL import ImageFont

FONTS = Path(__file__).parent.parent / "fonts"
OURS = FONTS / "NotoSansCJKsc-Regular-subset.otf"
WHOLE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED = 2  # of the faces in that file; the first has Japanese shapes
_NOBODYS = "\U0010ffff"


def font_for(text: str, size: int) -> ImageFont.FreeTypeFont:
    if set(text) - covered() and WHOLE.exists():
        return _whole(size)
    return _ours(size)


def missing(text: str) -> str:
    """The characters that cannot be drawn, each once."""
    rest = [sign for sign in dict.fromkeys(text) if sign not in covered() and sign not in " \n"]
    return "".join(sign for sign in rest if not _in_whole(sign))


@cache
def covered() -> frozenset[str]:
    return frozenset((FONTS / "covered.txt").read_text("utf-8"))


def _in_whole(sign: str) -> bool:
    if not WHOLE.exists():
        return False
    font = _whole(32)
    return bytes(font.getmask(sign)) != bytes(font.getmask(_NOBODYS))


@cache
def _ours(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(OURS, size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _whole(size: int) -> ImageFont.FreeTypeFont:
    layout = ImageFont.Layout.BASIC
    return ImageFont.truetype(WHOLE, size, index=SIMPLIFIED, layout_engine=layout)
