"""Schematic route drawings as SVG: places in their true relation, no survey map."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from content.elements import Stop

WIDTH = 640  # user units; the drawing scales with its column
MARGIN_X = 90
MARGIN_Y = 54
MIN_HEIGHT = 220
MAX_HEIGHT = 560
LABEL_GAP = 40


@dataclass(frozen=True)
class PlacedStop:
    number: int
    name: str
    when: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


def place_stops(stops: Sequence[Stop]) -> tuple[list[PlacedStop], int]:
    """Fit the stops into the frame, keeping proportions; also returns the height used.

    An equirectangular projection about the mean latitude is true enough for a schematic of one
    country. Labels that would cover each other are moved apart downwards.
    """
    squeeze = math.cos(math.radians(sum(s.lat for s in stops) / len(stops)))
    xs = [s.lon * squeeze for s in stops]
    ys = [-s.lat for s in stops]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    scale = min(
        (WIDTH - 2 * MARGIN_X) / width if width else math.inf,
        (MAX_HEIGHT - 2 * MARGIN_Y) / height if height else math.inf,
    )
    if math.isinf(scale):
        scale = 0
    frame = max(MIN_HEIGHT, round(height * scale + 2 * MARGIN_Y))
    left = (WIDTH - width * scale) / 2
    top = (frame - height * scale) / 2
    placed: list[PlacedStop] = []
    taken: list[tuple[float, float, str]] = []
    for number, (stop, x, y) in enumerate(zip(stops, xs, ys, strict=True), start=1):
        px, py = left + (x - min(xs)) * scale, top + (y - min(ys)) * scale
        anchor = "end" if px > WIDTH * 0.62 else "start"
        label_x = px - 16 if anchor == "end" else px + 16
        label_y = _free_row(py, label_x, anchor, taken)
        taken.append((label_x, label_y, anchor))
        placed.append(PlacedStop(number, stop.name, stop.when, px, py, label_x, label_y, anchor))
    bottom = max(p.label_y for p in placed) + LABEL_GAP
    return placed, max(frame, round(bottom))


def _free_row(y: float, x: float, anchor: str, taken: list[tuple[float, float, str]]) -> float:
    row = y
    near = sorted(ty for tx, ty, ta in taken if ta == anchor and abs(tx - x) < 170)
    for other in near:
        if abs(other - row) < LABEL_GAP:
            row = other + LABEL_GAP
    return row


def draw_route(stops: Sequence[Stop], *, line: bool) -> SafeString:
    """The drawing as inline SVG, coloured by the page's own style sheet."""
    placed, height = place_stops(stops)
    return render_to_string(
        "components/route_drawing.html",
        {"stops": placed, "width": WIDTH, "height": height, "line": line and len(placed) > 1},
    )
