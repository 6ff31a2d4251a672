"""Words on a scene: set in lines, inside the safe area, or refused."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from content.videos.fonts import font_for
from content.videos.wrapping import wrapped
from studyhub.core.errors import Invalid

WIDTH, HEIGHT = 1080, 1920
LEFT, TOP, RIGHT, BOTTOM = 90, 220, 990, 1440  # what no platform's buttons cover
PAPER, INK, RED, GOLD = (248, 244, 234), (42, 35, 32), (158, 38, 32), (190, 150, 84)
SOFT = (122, 111, 100)
LINE = 1.45  # of the size of the letters
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Box:
    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


SAFE = Box(LEFT, TOP, RIGHT, BOTTOM)


@dataclass(frozen=True)
class SetText:
    """Lines of one size, as they fit a box."""

    lines: tuple[str, ...]
    size: int

    @property
    def pitch(self) -> int:
        return round(self.size * LINE)

    @property
    def height(self) -> int:
        return len(self.lines) * self.pitch


def fitted(text: str, box: Box, sizes: tuple[int, ...]) -> SetText:
    """In the largest of the sizes in which all of it has room. Raises Invalid ``too_long``."""
    for size in sizes:
        font = font_for(text, size)
        found = SetText(tuple(wrapped(text, box.width, font.getlength)), size)
        if found.height <= box.height:
            return found
    raise Invalid("too_long", "文字太多，画面上放不下。请删去几句，或者分到别的镜头里。")


def put(
    image: Image.Image,
    text: SetText,
    box: Box,
    colour: Colour,
    *,
    centred: bool = False,
    weight: int = 0,
) -> None:
    """From the top of the box."""
    pen = ImageDraw.Draw(image)
    font = font_for("".join(text.lines), text.size)
    for number, line in enumerate(text.lines):
        spare = box.width - font.getlength(line) if centred else 0
        place = (box.left + spare / 2, box.top + number * text.pitch + text.pitch / 2)
        pen.text(place, line, colour, font, anchor="lm", stroke_width=weight)
