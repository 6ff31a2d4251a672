"""A scene as layers: stills that follow each other, and a picture that moves slowly."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from content.videos.canvas import (
    BOTTOM,
    GOLD,
    HEIGHT,
    INK,
    LEFT,
    PAPER,
    RED,
    RIGHT,
    SAFE,
    SOFT,
    TOP,
    WIDTH,
    Box,
    SetText,
    fitted,
    put,
)
from content.videos.fonts import missing
from content.videos.maps import paint_route
from content.videos.scenes import Kind, Scene
from studyhub.core.errors import Invalid

VERSION = 1  # rises with every change of what is drawn: segments are made anew
WINDOW = Box(0, TOP, WIDTH, 1050)  # where a picture is seen
MOVES = 100  # points that it moves while the scene stands
BELOW = Box(LEFT, 1130, RIGHT, BOTTOM)
CREDIT = Box(LEFT, 1062, RIGHT, 1124)
LABEL = Box(LEFT, 1402, RIGHT, BOTTOM)
MACHINE_VOICE = "机器合成的声音"
WORDS, NAMES = (64, 56, 48), (92, 80, 68, 56)
WHITE = (255, 252, 244)


@dataclass(frozen=True)
class Painted:
    """``stills`` share the seconds of the scene; ``picture`` is wider than WINDOW by MOVES."""

    stills: tuple[Image.Image, ...]
    picture: Image.Image | None = None

    @property
    def whole(self) -> Image.Image:
        """As it stands at the end."""
        image = self.stills[-1].copy()
        if self.picture:
            left = MOVES // 2
            seen = self.picture.crop((left, 0, left + WINDOW.width, WINDOW.height))
            image.paste(seen, (WINDOW.left, WINDOW.top))
        return image


def paint(scene: Scene, picture: Image.Image | None = None) -> Painted:
    """Raises Invalid where a character is in no font, or the words have no room."""
    if signs := missing(scene.words + scene.credit + _names(scene)):
        named = "、".join(signs)
        detail = f"字体里没有这些字：{named}。请换一种写法，或者请管理员装上 fonts-noto-cjk。"
        raise Invalid("no_such_letter", detail)
    painted = _PAINTERS[scene.kind](scene, picture)
    if scene.machine_voice:
        for still in painted.stills:
            put(still, SetText((MACHINE_VOICE,), 26), LABEL, SOFT)
    return painted


def _names(scene: Scene) -> str:
    return "".join(stop.name + stop.when for stop in scene.stops)


def ground(colour: tuple[int, int, int] = PAPER) -> Image.Image:
    return Image.new("RGB", (WIDTH, HEIGHT), colour)


def _title(scene: Scene, picture: Image.Image | None) -> Painted:
    if picture:
        return _figure(scene, picture)
    image = ground(RED)
    text = fitted(scene.words, SAFE, NAMES)
    top = (TOP + BOTTOM - text.height) // 2
    ImageDraw.Draw(image).rectangle((LEFT, top - 60, LEFT + 120, top - 54), GOLD)
    put(image, text, Box(LEFT, top, RIGHT, BOTTOM), WHITE, weight=1)
    return Painted((image,))


def _heading(scene: Scene, picture: Image.Image | None) -> Painted:
    image = ground()
    text = fitted(scene.words, SAFE, NAMES)
    top = (TOP + BOTTOM - text.height) // 2
    ImageDraw.Draw(image).rectangle((LEFT, top - 60, LEFT + 120, top - 52), RED)
    put(image, text, Box(LEFT, top, RIGHT, BOTTOM), INK, weight=1)
    return Painted((image,))


def _words(scene: Scene, picture: Image.Image | None) -> Painted:
    image = ground()
    text = fitted(scene.words, SAFE, WORDS)
    top = (TOP + BOTTOM - text.height) // 2
    ImageDraw.Draw(image).rectangle((LEFT, top - 48, LEFT + 64, top - 42), GOLD)
    put(image, text, Box(LEFT, top, RIGHT, BOTTOM), INK)
    return Painted((image,))


def _figure(scene: Scene, picture: Image.Image | None) -> Painted:
    if picture is None:
        return _words(scene, None)
    image = ground()
    if scene.credit:
        put(image, fitted(scene.credit, CREDIT, (28, 24, 20, 16)), CREDIT, SOFT)
    is_title = scene.kind is Kind.TITLE
    text = fitted(scene.words, BELOW, NAMES if is_title else WORDS)
    put(image, text, BELOW, RED if is_title else INK, weight=int(is_title))
    return Painted((image,), _window(picture))


def _window(picture: Image.Image) -> Image.Image:
    """Whole on a blurred ground where it is narrow, cut where it is wide enough."""
    width, height = WINDOW.width + MOVES, WINDOW.height
    if picture.width / picture.height >= 1:
        scale = max(width / picture.width, height / picture.height)
        size = (round(picture.width * scale), round(picture.height * scale))
        large = picture.resize(size, Image.Resampling.LANCZOS)
        left, top = (size[0] - width) // 2, (size[1] - height) // 3
        return large.crop((left, top, left + width, top + height))
    whole = Image.new("RGB", (width, height), (232, 225, 210))
    size = (round(picture.width * height / picture.height), height)
    whole.paste(picture.resize(size, Image.Resampling.LANCZOS), ((width - size[0]) // 2, 0))
    return whole


def _steps(scene: Scene, picture: Image.Image | None) -> Painted:
    """One after the other; what was shown stays."""
    rows = [row for row in scene.words.splitlines() if row.strip()]
    stills, image, top = [], ground(), TOP + 40
    ImageDraw.Draw(image).line((LEFT + 8, TOP, LEFT + 8, BOTTOM), GOLD, 4)
    for row in rows:
        image = image.copy()
        top = _step(image, row, top)
        stills.append(image)
    return Painted(tuple(stills) or (image,))


def _step(image: Image.Image, row: str, top: int) -> int:
    date, colon, text = row.partition("：")
    date, text = (date, text) if colon else ("", row)
    ImageDraw.Draw(image).ellipse((LEFT - 2, top + 24, LEFT + 18, top + 44), RED)
    for words, sizes, colour, weight in (
        (date, (56, 48, 40), RED, 1),
        (text, (52, 46, 40), INK, 0),
    ):
        if words:
            box = Box(LEFT + 60, top, RIGHT, BOTTOM)
            fits = fitted(words, box, sizes)
            put(image, fits, box, colour, weight=weight)
            top += fits.height
    return top + 44


def _quotation(scene: Scene, picture: Image.Image | None) -> Painted:
    said, dash, by = scene.words.partition("\n——")
    image = ground()
    text = fitted(said, Box(LEFT + 48, TOP + 160, RIGHT, BOTTOM - 160), WORDS)
    top = (TOP + BOTTOM - text.height) // 2
    bar = (LEFT, top + 8, LEFT + 8, top + text.height - 8)
    ImageDraw.Draw(image).rectangle(bar, GOLD)
    put(image, text, Box(LEFT + 48, top, RIGHT, BOTTOM), INK)
    if dash:
        box = Box(LEFT + 48, top + text.height + 40, RIGHT, BOTTOM)
        put(image, fitted(f"——{by}", box, (40, 36, 32)), box, SOFT)
    return Painted((image,))


def _route(scene: Scene, picture: Image.Image | None) -> Painted:
    """Leg by leg."""
    base = ground()
    text = fitted(scene.words, BELOW, WORDS)
    put(base, text, BELOW, INK)
    return Painted(tuple(paint_route(base, scene, Box(LEFT, TOP, RIGHT, 1090))))


_PAINTERS: dict[Kind, Callable[[Scene, Image.Image | None], Painted]] = {
    Kind.TITLE: _title,
    Kind.HEADING: _heading,
    Kind.WORDS: _words,
    Kind.FIGURE: _figure,
    Kind.STEPS: _steps,
    Kind.ROUTE: _route,
    Kind.QUOTATION: _quotation,
}
