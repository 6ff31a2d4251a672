"""A route drawn leg by leg: places in their true relation, one picture for each."""

from collections.abc import Iterator

from PIL import Image, ImageDraw

from content.drawing import WIDTH as DRAWN
from content.drawing import PlacedStop, place_stops
from content.videos.canvas import GOLD, INK, RED, SOFT, Box
from content.videos.fonts import font_for
from content.videos.scenes import Scene

NAME, WHEN = 40, 30
Point = tuple[float, float]


def paint_route(base: Image.Image, scene: Scene, box: Box) -> Iterator[Image.Image]:
    stops, height = place_stops(scene.stops)
    scale = min(box.width / DRAWN, box.height / height)
    left, top = box.left + (box.width - DRAWN * scale) / 2, box.top
    points = [(left + stop.x * scale, top + stop.y * scale) for stop in stops]
    image = _faint(base, points, line=scene.line)
    for number, stop in enumerate(stops):
        image = image.copy()
        if scene.line and number:
            ImageDraw.Draw(image).line((points[number - 1], points[number]), RED, 8)
            _dot(image, points[number - 1])
        _dot(image, points[number])
        _name(image, stop, top + stop.label_y * scale, points[number], box)
        yield image


def _faint(base: Image.Image, points: list[Point], *, line: bool) -> Image.Image:
    """The way that is still to come."""
    image = base.copy()
    pen = ImageDraw.Draw(image)
    if line and len(points) > 1:
        pen.line(points, GOLD, 3)
    for x, y in points:
        pen.ellipse((x - 6, y - 6, x + 6, y + 6), GOLD)
    return image


def _dot(image: Image.Image, point: Point) -> None:
    x, y = point
    ImageDraw.Draw(image).ellipse((x - 12, y - 12, x + 12, y + 12), RED)


def _name(image: Image.Image, stop: PlacedStop, y: float, point: Point, box: Box) -> None:
    """Beside its dot, and never beyond the box; the day is smaller."""
    pen = ImageDraw.Draw(image)
    parts = [(stop.name, NAME, INK)] + ([(stop.when, WHEN, SOFT)] if stop.when else [])
    fonts = [font_for(words, size) for words, size, _ in parts]
    lengths = [font.getlength(words) + 12 for font, (words, _, _) in zip(fonts, parts, strict=True)]
    x = point[0] - 24 - sum(lengths) if stop.anchor == "end" else point[0] + 24
    x = max(box.left, min(x, box.right - sum(lengths)))
    y = max(box.top + NAME, min(y, box.bottom - NAME))
    for (words, _, colour), font, length in zip(parts, fonts, lengths, strict=True):
        pen.text((x, y), words, colour, font, anchor="lm")
        x += length
