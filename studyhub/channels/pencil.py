"""Drawings for articles: plain values in, PNG or JPEG out, large enough to be read on a phone.

A picture of 1080 dots stands about 330 points wide there, so 46 dots are 14 points.
"""

import io
from collections.abc import Iterator, Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from content import drawing
from content.elements import Stop
from content.twins.drawing import OTHERS as FONT
from studyhub.channels.shortening import CUT
from studyhub.core.qr_codes import qr_modules

WIDTH, EDGE = 1080, 48
TEXT, SMALL, TITLE = 46, 40, 54
LINE = 1.5
PAPER, INK, SOFT, RULE = "#ffffff", "#2b2622", "#6b625a", "#e3dace"
DOT, JOINT = 30, 18  # radius of a stop, of a step
AXIS = EDGE + JOINT
MOST_LINES = 3  # of a step: the whole stands below the picture
QR = 300
COVER = (900, 383)
NOT_FIRST = "，。、；：？！”’）》」』…"


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)


def wrapped(text: str, size: int, room: float, most: int) -> list[str]:
    """At most so many lines; what does not fit ends with …. No line begins with a full stop."""
    lines = list(_lines(" ".join(text.split()), size, room))
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and _font(size).getlength(last + CUT) > room:
        last = last[:-1]
    return [*lines[: most - 1], last + CUT]


def _lines(text: str, size: int, room: float) -> Iterator[str]:
    line = ""
    for sign in text:
        if line and sign not in NOT_FIRST and _font(size).getlength(line + sign) > room:
            yield line.rstrip()
            line = sign.lstrip()
        else:
            line += sign
    if line:
        yield line


def steps(items: Sequence[tuple[str, str]], colour: str) -> bytes:
    """What happened when, one below the other along a line."""
    left = AXIS + JOINT + 36
    room = WIDTH - left - EDGE
    told = [(date, wrapped(text, TEXT, room, MOST_LINES)) for date, text in items]
    heights = [_high(SMALL) + len(lines) * _high(TEXT) + 34 for _, lines in told]
    image, draw = _sheet(sum(heights) + EDGE)
    top, tops = EDGE, []
    for (date, lines), height in zip(told, heights, strict=True):
        tops.append(top + _high(SMALL) // 2)
        _write(draw, (left, top), wrapped(date, SMALL, room, 1), SMALL, colour)
        _write(draw, (left, top + _high(SMALL)), lines, TEXT, INK)
        top += height
    _draw_axis(draw, tops, colour)
    return _png(image)


def _draw_axis(draw: ImageDraw.ImageDraw, tops: Sequence[int], colour: str) -> None:
    draw.line((AXIS, tops[0], AXIS, tops[-1]), fill=RULE, width=6)
    for y in tops:
        _draw_dot(draw, AXIS, y, JOINT, colour)


def route(stops: Sequence[Stop], *, line: bool, colour: str) -> bytes:
    """Places in their true relation, numbered as in the list below the picture."""
    placed, units = drawing.place_stops(stops)
    scale = WIDTH / drawing.WIDTH
    image, draw = _sheet(round(units * scale))
    if line and len(placed) > 1:
        way = [(stop.x * scale, stop.y * scale) for stop in placed]
        draw.line(way, fill="#c9a25b", width=8, joint="curve")
    for stop in placed:
        _label(draw, stop, _room_of(stop, placed, scale), scale)
    for stop in placed:
        x, y = stop.x * scale, stop.y * scale
        _draw_dot(draw, x, y, DOT, colour)
        draw.text((x, y), str(stop.number), fill=PAPER, font=_font(36), anchor="mm")
    return _png(image)


def _room_of(stop: drawing.PlacedStop, placed: Sequence[drawing.PlacedStop], scale: float) -> float:
    """How long its name may be: to the edge, or to what stands on the same row before it."""
    way = -1 if stop.anchor == "end" else 1
    start = stop.label_x * scale + way * DOT / 2
    ends = [WIDTH - EDGE / 2 if way > 0 else EDGE / 2]
    for other in placed:
        if other is not stop and abs(other.y - stop.label_y) * scale < DOT + TEXT / 2:
            ends.append(other.x * scale - way * (DOT + 8))
        if other.anchor != stop.anchor and abs(other.label_y - stop.label_y) * scale < TEXT * 1.2:
            reach = min(_font(TEXT).getlength(other.name), TEXT * 4)
            ends.append(other.label_x * scale - way * (reach + DOT / 2))
    return min([way * (end - start) for end in ends if way * (end - start) > TEXT] or [TEXT * 2])


def _label(draw: ImageDraw.ImageDraw, stop: drawing.PlacedStop, room: float, scale: float) -> None:
    ends = stop.anchor == "end"
    x = stop.label_x * scale + (-DOT / 2 if ends else DOT / 2)
    name = wrapped(stop.name, TEXT, room, 1)[0] if stop.name else ""
    draw.text(
        (x, stop.label_y * scale),
        name,
        fill=INK,
        font=_font(TEXT),
        anchor="rm" if ends else "lm",
        stroke_width=6,
        stroke_fill=PAPER,
    )


def card(title: str, words: str, url: str, colour: str) -> bytes:
    """A code that leads to the lesson, with what is there for whoever follows it."""
    left = EDGE + QR + 48
    room = WIDTH - left - EDGE
    head, below = wrapped(title, TITLE, room, 2), wrapped(words, SMALL, room, 4)
    high = len(head) * _high(TITLE) + len(below) * _high(SMALL) + 24
    image, draw = _sheet(max(QR, high) + 2 * EDGE)
    draw.rectangle((3, 3, WIDTH - 4, image.height - 4), outline=colour, width=6)
    _draw_code(draw, url, EDGE, (image.height - QR) // 2)
    top = (image.height - high) // 2
    _write(draw, (left, top), head, TITLE, colour)
    _write(draw, (left, top + len(head) * _high(TITLE) + 24), below, SMALL, SOFT)
    return _png(image)


def _draw_code(draw: ImageDraw.ImageDraw, url: str, left: int, top: int) -> None:
    """Whole dots to a square, so that a camera meets sharp edges."""
    rows = qr_modules(url)
    side = QR // len(rows)
    spare = (QR - side * len(rows)) // 2
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                at = (left + spare + x * side, top + spare + y * side)
                draw.rectangle((*at, at[0] + side - 1, at[1] + side - 1), fill="#000000")


def cover(title: str) -> bytes:
    """Its middle is what a square cut of it shows."""
    image = Image.new("RGB", COVER, "#9f2a1f")
    draw = ImageDraw.Draw(image)
    wide, high = COVER
    draw.rectangle((24, 24, wide - 25, high - 25), outline="#c9a25b", width=3)
    lines = wrapped(title, 60, wide - 160, 3)
    top = (high - len(lines) * 84 - 20) / 2 + 42
    for number, line in enumerate(lines):
        draw.text((wide / 2, top + number * 84), line, fill=PAPER, font=_font(60), anchor="mm")
    foot = top + len(lines) * 84 - 22
    draw.line((wide / 2 - 120, foot, wide / 2 + 120, foot), fill="#c9a25b", width=5)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=88)
    return file.getvalue()


def _high(size: int) -> int:
    return round(size * LINE)


def _sheet(height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (WIDTH, height), PAPER)
    return image, ImageDraw.Draw(image)


def _write(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], lines: Sequence[str], size: int, fill: str
) -> None:
    for number, line in enumerate(lines):
        middle = at[1] + (number + 0.5) * _high(size)
        draw.text((at[0], middle), line, fill=fill, font=_font(size), anchor="lm")


def _draw_dot(draw: ImageDraw.ImageDraw, x: float, y: float, radius: int, colour: str) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def _png(image: Image.Image) -> bytes:
    """In few colours: a tenth of the bytes."""
    file = io.BytesIO()
    few = image.quantize(32, dither=Image.Dither.NONE)
    few.save(file, "PNG", optimize=True)
    return file.getvalue()
