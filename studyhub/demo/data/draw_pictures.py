"""Draw the flat illustrations of the demo lessons as SVG and render them to small PNG files.

Every picture is built from plain shapes with a fixed random seed, so a second run gives the same
drawing.  Rendering uses headless Chromium and Pillow; ``--svg-only`` skips it.
"""

import argparse
import math
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from PIL import Image
from PIL.Image import Dither

ROOT = Path(__file__).resolve().parent
PICTURES = ROOT / "pictures"
WIDTH, HEIGHT = 1200, 675
MARGIN = 26
MAX_BYTES = 60 * 1024

PAPER, INK, RED, GOLD = "#faf6ee", "#2b2622", "#9f2a1f", "#b98a3a"
CREAM, SAND, WHEAT, ROSE = "#f3e9d6", "#e6d3ae", "#d9b56a", "#e3b9a0"
MIST, FOG, SLATE, STEEL = "#d8dcd6", "#b9c2bf", "#7d8b8c", "#56666b"
LEAF, MOSS, PINE, DEEP = "#a9b08a", "#7f8c68", "#56664f", "#37453b"
WATER, LAKE, NIGHT, DUSK = "#b9cbcd", "#8fabb0", "#2f3d49", "#465663"
CLAY, LOESS, BRICK, BARK = "#c89a6a", "#d8b183", "#8d5a44", "#5a4334"

Point = tuple[float, float]


def fmt(value: float) -> str:
    """A short decimal for SVG attributes."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def smooth(points: Sequence[Point]) -> str:
    """A soft curve through the points as SVG path commands (Catmull-Rom to Bezier)."""
    path = f"M{fmt(points[0][0])},{fmt(points[0][1])}"
    for i in range(len(points) - 1):
        p0, p1 = points[max(i - 1, 0)], points[i]
        p2, p3 = points[i + 1], points[min(i + 2, len(points) - 1)]
        c1 = (p1[0] + (p2[0] - p0[0]) / 6, p1[1] + (p2[1] - p0[1]) / 6)
        c2 = (p2[0] - (p3[0] - p1[0]) / 6, p2[1] - (p3[1] - p1[1]) / 6)
        path += "C" + " ".join(f"{fmt(x)},{fmt(y)}" for x, y in (c1, c2, p2))
    return path


def curve_points(points: Sequence[Point], steps: int) -> list[Point]:
    """Closely spaced points on the same soft curve that ``smooth`` draws."""
    found: list[Point] = []
    for i in range(len(points) - 1):
        p0, p1 = points[max(i - 1, 0)], points[i]
        p2, p3 = points[i + 1], points[min(i + 2, len(points) - 1)]
        for j in range(steps):
            t = j / steps
            weights = (
                (-t + 2 * t * t - t**3) / 2,
                (2 - 5 * t * t + 3 * t**3) / 2,
                (t + 4 * t * t - 3 * t**3) / 2,
                (t**3 - t * t) / 2,
            )
            quad = (p0, p1, p2, p3)
            x = sum(w * p[0] for w, p in zip(weights, quad, strict=True))
            y = sum(w * p[1] for w, p in zip(weights, quad, strict=True))
            found.append((x, y))
    return [*found, points[-1]]


class Scene:
    """Collects SVG shapes for one picture."""

    def __init__(self, width: int = WIDTH, height: int = HEIGHT, ground: str = CREAM) -> None:
        self.width, self.height = width, height
        self.parts: list[str] = []
        self.rect(0, 0, width, height, ground)

    def add(self, raw: str) -> None:
        """Append raw SVG."""
        self.parts.append(raw)

    def rect(
        self, x: float, y: float, w: float, h: float, fill: str, r: float = 0, alpha: float = 1
    ) -> None:
        """A rectangle, with rounded corners if ``r`` is given."""
        self.add(
            f'<rect x="{fmt(x)}" y="{fmt(y)}" width="{fmt(w)}" height="{fmt(h)}" rx="{fmt(r)}" '
            f'fill="{fill}" opacity="{alpha}"/>'
        )

    def circle(self, x: float, y: float, r: float, fill: str, alpha: float = 1) -> None:
        """A filled circle."""
        self.add(
            f'<circle cx="{fmt(x)}" cy="{fmt(y)}" r="{fmt(r)}" fill="{fill}" opacity="{alpha}"/>'
        )

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str, alpha: float = 1) -> None:
        """A filled ellipse."""
        self.add(
            f'<ellipse cx="{fmt(x)}" cy="{fmt(y)}" rx="{fmt(rx)}" ry="{fmt(ry)}" fill="{fill}" '
            f'opacity="{alpha}"/>'
        )

    def path(self, d: str, fill: str, alpha: float = 1) -> None:
        """A filled path."""
        self.add(f'<path d="{d}" fill="{fill}" opacity="{alpha}"/>')

    def stroke(self, d: str, colour: str, width: float = 2, alpha: float = 1) -> None:
        """An open path drawn with a round pen."""
        self.add(
            f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{fmt(width)}" '
            f'stroke-linecap="round" stroke-linejoin="round" opacity="{alpha}"/>'
        )

    def line(self, a: Point, b: Point, colour: str, width: float = 2, alpha: float = 1) -> None:
        """A straight line."""
        d = f"M{fmt(a[0])},{fmt(a[1])}L{fmt(b[0])},{fmt(b[1])}"
        self.stroke(d, colour, width, alpha)

    def poly(self, points: Iterable[Point], fill: str, alpha: float = 1) -> None:
        """A filled polygon."""
        joined = " ".join(f"{fmt(x)},{fmt(y)}" for x, y in points)
        self.add(f'<polygon points="{joined}" fill="{fill}" opacity="{alpha}"/>')

    def at(self, x: float, y: float, scale: float, d: str, fill: str, flip: bool = False) -> None:
        """A small path placed with its origin at a point."""
        sx = -scale if flip else scale
        self.add(
            f'<path transform="translate({fmt(x)},{fmt(y)}) scale({sx:.3f},{scale:.3f})" d="{d}" '
            f'fill="{fill}"/>'
        )

    def svg(self) -> str:
        """The whole picture inside a paper-coloured margin, like a print."""
        w, h, m = self.width, self.height, MARGIN
        inner = f'x="{m}" y="{m}" width="{w - 2 * m}" height="{h - 2 * m}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
            f'viewBox="0 0 {w} {h}"><clipPath id="f"><rect {inner}/></clipPath>'
            f'<rect width="{w}" height="{h}" fill="{PAPER}"/>'
            f'<g clip-path="url(#f)">{"".join(self.parts)}</g></svg>\n'
        )


# --- land, sky and water ---------------------------------------------------------------------


def sky(scene: Scene, colours: Sequence[str], horizon: float, seed: int = 1) -> None:
    """Wavy bands of close tints from the top to the horizon."""
    rng = random.Random(seed)
    scene.rect(0, 0, scene.width, scene.height, colours[0])
    step = horizon / len(colours)
    for i, colour in enumerate(colours[1:], 1):
        y = i * step
        pts = [(x, y + rng.uniform(-13, 13)) for x in range(-60, scene.width + 121, 180)]
        bottom = scene.height
        scene.path(f"{smooth(pts)}L{scene.width + 80},{bottom}L-60,{bottom}Z", colour)


def ridge_line(
    seed: int, base: float, amp: float, step: int = 90, width: int = WIDTH, slope: float = 0
) -> list[Point]:
    """Points of a rolling skyline."""
    rng = random.Random(seed)
    a, b = rng.uniform(0, 6), rng.uniform(0, 6)
    pts: list[Point] = []
    for x in range(-step, width + 2 * step, step):
        wave = math.sin(x / 210 + a) * 0.6 + math.sin(x / 97 + b) * 0.28
        pts.append((x, base + slope * x / width + amp * (wave + rng.uniform(-0.22, 0.22))))
    return pts


def ridge(
    scene: Scene,
    seed: int,
    base: float,
    amp: float,
    colour: str,
    step: int = 90,
    slope: float = 0,
) -> list[Point]:
    """A rolling hill layer down to the lower edge."""
    pts = ridge_line(seed, base, amp, step, scene.width, slope)
    edge = f"L{fmt(pts[-1][0])},{scene.height}L{fmt(pts[0][0])},{scene.height}Z"
    scene.path(smooth(pts) + edge, colour)
    return pts


def crag_layer(
    scene: Scene, seed: int, base: float, amp: float, colour: str, shade: str = ""
) -> list[Point]:
    """A layer of angular mountains, with a shaded side to each summit."""
    rng = random.Random(seed)
    pts: list[Point] = [(-60, base)]
    x = -20.0
    up = True
    while x < scene.width + 60:
        y = base - (amp * rng.uniform(0.55, 1) if up else amp * rng.uniform(0, 0.3))
        pts.append((x, y))
        x += rng.uniform(80, 150)
        up = not up
    pts.append((scene.width + 120, base))
    scene.poly([*pts, (scene.width + 120, scene.height), (-60, scene.height)], colour)
    if shade:
        for i in range(1, len(pts) - 1):
            x0, y0 = pts[i]
            x1, y1 = pts[i + 1]
            if y0 < y1:
                mid = (x0 + (x1 - x0) * 0.18, y0 + (y1 - y0) * 0.95)
                foot = (x0 + (x1 - x0) * 0.4, y1 + 60)
                scene.poly([(x0, y0), (x1, y1), (x1 + 10, y1 + 70), foot, mid], shade)
    return pts


def height_at(points: Sequence[Point], x: float) -> float:
    """Height of a skyline at x (straight between points)."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return points[-1][1]


def clouds(scene: Scene, spots: Sequence[tuple[float, float, float]], colour: str) -> None:
    """Flat clouds made of stacked capsules; each spot is x, y, width."""
    for x, y, w in spots:
        scene.rect(x, y, w, 15, colour, 7.5)
        scene.rect(x + w * 0.22, y - 13, w * 0.5, 15, colour, 7.5)
        scene.rect(x + w * 0.34, y + 13, w * 0.52, 13, colour, 6.5)


def ripples(
    scene: Scene, seed: int, box: tuple[float, float, float, float], count: int, colour: str
) -> None:
    """Short horizontal strokes on water, longer towards the viewer."""
    rng = random.Random(seed)
    x0, y0, x1, y1 = box
    for _ in range(count):
        t = rng.random()
        y = y0 + (y1 - y0) * t
        size = 18 + 70 * t * rng.random()
        x = rng.uniform(x0, x1)
        scene.line((x, y), (x + size, y), colour, 1.5 + 2 * t)


def birds(scene: Scene, spots: Sequence[tuple[float, float, float]], colour: str) -> None:
    """Birds as two small arcs; each spot is x, y, size."""
    for x, y, s in spots:
        d = f"M{fmt(x - s)},{fmt(y - s * 0.35)}Q{fmt(x - s * 0.4)},{fmt(y - s * 0.5)} {x},{y}"
        d += f"Q{fmt(x + s * 0.4)},{fmt(y - s * 0.5)} {fmt(x + s)},{fmt(y - s * 0.35)}"
        scene.stroke(d, colour, max(1.6, s / 7))


def grass(scene: Scene, seed: int, y0: float, y1: float, count: int, colour: str) -> None:
    """Tufts of grass."""
    rng = random.Random(seed)
    for _ in range(count):
        x, y = rng.uniform(0, scene.width), rng.uniform(y0, y1)
        h = 7 + 13 * (y - y0) / max(1, y1 - y0)
        for lean in (-0.5, 0, 0.45):
            d = f"M{fmt(x)},{fmt(y)}Q{fmt(x + lean * 2)},{fmt(y - h * 0.6)} "
            scene.stroke(d + f"{fmt(x + lean * h)},{fmt(y - h)}", colour, 1.8)


# --- trees, people, animals ------------------------------------------------------------------


def pine(scene: Scene, x: float, y: float, h: float, colour: str = PINE) -> None:
    """A pine of four tiers."""
    scene.rect(x - h * 0.025, y - h * 0.2, h * 0.05, h * 0.2, BARK)
    for i in range(4):
        top = y - h + i * h * 0.2
        half = h * (0.1 + 0.055 * i)
        low = top + h * 0.3
        d = f"M{fmt(x)},{fmt(top)}L{fmt(x + half)},{fmt(low)}"
        d += f"Q{fmt(x)},{fmt(low - h * 0.05)} {fmt(x - half)},{fmt(low)}Z"
        scene.path(d, colour)


def tree(scene: Scene, x: float, y: float, h: float, dark: str = PINE, light: str = MOSS) -> None:
    """A broad old tree: trunk with two limbs and a rounded crown."""
    w = h * 0.05
    d = f"M{fmt(x - w)},{fmt(y)}C{fmt(x - w * 0.4)},{fmt(y - h * 0.3)} {fmt(x - w * 0.9)},"
    d += f"{fmt(y - h * 0.4)} {fmt(x - h * 0.16)},{fmt(y - h * 0.62)}L{fmt(x - h * 0.12)},"
    d += f"{fmt(y - h * 0.63)}L{fmt(x)},{fmt(y - h * 0.45)}L{fmt(x + h * 0.15)},"
    d += f"{fmt(y - h * 0.66)}L{fmt(x + h * 0.18)},{fmt(y - h * 0.64)}C{fmt(x + w)},"
    d += f"{fmt(y - h * 0.4)} {fmt(x + w * 0.6)},{fmt(y - h * 0.25)} {fmt(x + w * 1.4)},{fmt(y)}Z"
    crown = ((-0.25, 0.62, 0.16), (0.24, 0.64, 0.17), (-0.1, 0.78, 0.19), (0.12, 0.8, 0.18),
             (0, 0.66, 0.18), (-0.32, 0.72, 0.1), (0.34, 0.74, 0.1))  # fmt: skip
    for cx, cy, r in crown:
        scene.circle(x + cx * h, y - cy * h, r * h, dark)
    scene.path(d, BARK)
    for cx, cy, r in crown[2:5]:
        scene.circle(x + cx * h - 0.03 * h, y - cy * h - 0.035 * h, r * h * 0.62, light)


PERSON = (
    "M-6,0L-5,-17C-9,-22 -8,-33 0,-34C8,-33 9,-22 5,-17L8,0L3.5,0L0.5,-15L-2,0Z"
    "M-4.6,-39.5a4.6,4.8 0 1,0 9.2,0a4.6,4.8 0 1,0 -9.2,0Z"
)
PACK = "M-12,-32h7v14h-6q-3,-7 -1,-14Z"
LEGS = (
    "C32,-38 30,-34 28,-32L34,-16L32,0L27,0L27,-15L20,-30L16,-14L10,-1L5,-1L10,-16L11,-31"
    "C0,-28 -12,-29 -20,-32L-22,-18L-16,0L-21,0L-28,-16L-30,-28L-38,-16L-40,0L-45,0L-44,-17"
    "L-40,-34C-46,-40 -45,-48 -38,-52ZM-41,-51C-55,-46 -54,-28 -51,-16C-48,-26 -46,-36 -40,-42Z"
)
HORSE = (
    "M-38,-52C-30,-58 -12,-55 0,-53C10,-52 18,-56 24,-63L34,-82L36,-90L40,-83L55,-68L52,-62"
    "L43,-66C39,-60 36,-50 32,-42" + LEGS
)
GRAZING = (
    "M-38,-52C-30,-58 -12,-56 4,-53C14,-52 24,-48 32,-38L48,-15L58,-5L55,1L48,-1L38,-9"
    "C34,-16 31,-24 30,-30" + LEGS
)
RIDER = (
    "M-6,-50C-8,-66 -9,-82 0,-86C9,-84 10,-70 7,-56L13,-36L16,-30L10,-29L5,-44L-4,-48Z"
    "M-5.5,-93a5.5,5.8 0 1,0 11,0a5.5,5.8 0 1,0 -11,0Z"
)


def person(
    scene: Scene, x: float, y: float, s: float, colour: str = INK, pack: bool = False
) -> None:
    """A small walking figure seen from afar."""
    scene.at(x, y, s, PERSON, colour)
    if pack:
        scene.at(x, y, s, PACK, colour)


def rider(scene: Scene, x: float, y: float, s: float, colour: str = INK) -> None:
    """A horse with its rider."""
    scene.at(x, y, s, HORSE, colour)
    scene.at(x, y, s, RIDER, colour)


def flag(scene: Scene, x: float, y: float, h: float, size: float, pole: str = INK) -> None:
    """A waving plain red flag on a pole."""
    scene.line((x, y), (x, y - h), pole, max(1.6, size / 16))
    t = y - h
    d = f"M{fmt(x)},{fmt(t)}q{fmt(size * 0.3)},{fmt(-size * 0.14)} {fmt(size * 0.55)},0"
    d += f"t{fmt(size * 0.5)},{fmt(-size * 0.02)}l{fmt(-size * 0.06)},{fmt(size * 0.56)}"
    d += f"q{fmt(-size * 0.25)},{fmt(size * 0.1)} {fmt(-size * 0.5)},0"
    d += f"t{fmt(-size * 0.49)},{fmt(size * 0.04)}Z"
    scene.path(d, RED)


def yurt(
    scene: Scene, x: float, y: float, w: float, wall: str = PAPER, shade: str = CREAM,
    door: str = RED, trim: str = STEEL,
) -> None:  # fmt: skip
    """A felt tent standing on y, w wide, lit from the left."""
    h, roof = w * 0.3, w * 0.25
    left, top = x - w / 2, y - h
    scene.oval(x + w * 0.05, y + 1, w * 0.57, w * 0.045, INK, 0.16)
    scene.path(
        f"M{fmt(left)},{fmt(y)}L{fmt(left)},{fmt(top)}H{fmt(left + w)}V{fmt(y)}"
        f"Q{fmt(x)},{fmt(y + w * 0.06)} {fmt(left)},{fmt(y)}Z", wall,
    )  # fmt: skip
    scene.path(
        f"M{fmt(x + w * 0.2)},{fmt(top)}H{fmt(left + w)}V{fmt(y)}"
        f"Q{fmt(x + w * 0.38)},{fmt(y + w * 0.022)} {fmt(x + w * 0.2)},{fmt(y + w * 0.028)}Z",
        shade,
    )
    eave = w * 0.035
    scene.path(
        f"M{fmt(left - eave)},{fmt(top + 1)}C{fmt(left + w * 0.12)},{fmt(top - roof * 0.5)} "
        f"{fmt(x - w * 0.2)},{fmt(top - roof)} {fmt(x - w * 0.09)},{fmt(top - roof)}"
        f"H{fmt(x + w * 0.09)}C{fmt(x + w * 0.2)},{fmt(top - roof)} "
        f"{fmt(left + w * 0.88)},{fmt(top - roof * 0.5)} {fmt(left + w + eave)},{fmt(top + 1)}Z",
        wall,
    )
    scene.path(
        f"M{fmt(x + w * 0.05)},{fmt(top - roof)}H{fmt(x + w * 0.09)}C{fmt(x + w * 0.2)},"
        f"{fmt(top - roof)} {fmt(left + w * 0.88)},{fmt(top - roof * 0.5)} "
        f"{fmt(left + w + eave)},{fmt(top + 1)}H{fmt(x + w * 0.2)}Z", shade,
    )  # fmt: skip
    scene.rect(left - eave, top, w + 2 * eave, w * 0.03, trim)
    scene.rect(x - w * 0.1, top - roof - w * 0.035, w * 0.2, w * 0.045, trim, w * 0.02)
    scene.rect(x - w * 0.09, y - h * 0.78, w * 0.18, h * 0.82, trim)
    scene.rect(x - w * 0.07, y - h * 0.72, w * 0.14, h * 0.76, door)


def smoke(scene: Scene, x: float, y: float, size: float, colour: str, alpha: float = 0.7) -> None:
    """A thin curl of smoke."""
    d = f"M{fmt(x)},{fmt(y)}c{fmt(-size * 0.2)},{fmt(-size * 0.3)} {fmt(size * 0.3)},"
    d += f"{fmt(-size * 0.45)} {fmt(size * 0.1)},{fmt(-size * 0.75)}s{fmt(size * 0.25)},"
    d += f"{fmt(-size * 0.4)} {fmt(size * 0.2)},{fmt(-size * 0.7)}"
    scene.stroke(d, colour, size * 0.09, alpha)


def house(
    scene: Scene, x: float, y: float, w: float, wall: str = PAPER, roof: str = SLATE,
    window: str = BARK,
) -> None:  # fmt: skip
    """A small farmhouse with a tiled roof; x is its left edge, y the ground."""
    h = w * 0.42
    scene.rect(x, y - h, w, h, wall)
    scene.rect(x + w * 0.72, y - h, w * 0.28, h, INK, 0, 0.08)
    scene.path(
        f"M{fmt(x - w * 0.1)},{fmt(y - h + 3)}L{fmt(x + w * 0.1)},{fmt(y - h - w * 0.24)}"
        f"H{fmt(x + w * 0.9)}L{fmt(x + w * 1.1)},{fmt(y - h + 3)}Z", roof,
    )  # fmt: skip
    scene.rect(x + w * 0.08, y - h - w * 0.265, w * 0.84, w * 0.04, INK, 2, 0.55)
    scene.rect(x + w * 0.43, y - h * 0.68, w * 0.15, h * 0.68, window)
    for wx in (0.14, 0.72):
        scene.rect(x + w * wx, y - h * 0.66, w * 0.15, h * 0.32, window)


# --- the pictures ----------------------------------------------------------------------------


def draw_nanhu() -> Scene:
    """A roofed wooden boat on a lake at sunrise."""
    s = Scene()
    sky(s, ("#efe4d0", "#f1e3cd", "#f2dec5", "#efd3b8", "#eac7ab"), 360, 3)
    s.circle(835, 262, 78, RED)
    clouds(s, ((640, 238, 190), (905, 300, 170)), "#f2dec5")
    ridge(s, 11, 318, 26, "#d3cdbd", 110)
    ridge(s, 5, 340, 15, "#b4b9aa", 80)
    s.rect(0, 352, WIDTH, 330, "#c9cfc6")
    s.rect(0, 400, WIDTH, 280, "#b7c4c0")
    s.rect(0, 480, WIDTH, 200, "#a3b6b5")
    s.rect(0, 575, WIDTH, 100, "#8fa7a9")
    rng = random.Random(8)
    for i in range(15):
        w = 126 - i * 3.4 + rng.uniform(-30, 30)
        y = 366 + i * 15
        s.rect(835 - w / 2 + rng.uniform(-12, 12), y, w, 5, RED, 2.5, 0.62)
    s.path("M80,356C120,334 330,330 420,356Z", "#7f8c76")
    for x, h in ((128, 62), (160, 76), (330, 70), (364, 54), (300, 50)):
        s.oval(x, 346 - h * 0.45, h * 0.34, h * 0.5, "#6c7a66")
    for y, w in ((346, 112), (312, 88)):
        s.rect(238 - w * 0.38, y - 27, w * 0.76, 27, "#b8775a")
        for k in range(6):
            s.rect(238 - w * 0.38 + k * w * 0.145, y - 27, 3, 27, BARK)
        s.path(
            f"M{238 - w * 0.66},{y - 21}Q{238 - w * 0.4},{y - 29} {238 - w * 0.3},{y - 42}"
            f"H{238 + w * 0.3}Q{238 + w * 0.4},{y - 29} {238 + w * 0.66},{y - 21}Z",
            STEEL,
        )
    s.rect(196, 346, 84, 9, "#d9d2c2")
    ripples(s, 4, (30, 372, 1130, 660), 95, "#dfe4dc")
    s.path("M395,560H830Q800,588 612,590Q424,588 395,560Z", "#6f8688", 0.75)
    s.path(
        "M340,486C395,508 420,516 470,517H760C815,516 848,503 905,474"
        "C884,526 852,556 800,560H440C392,556 362,532 340,486Z",
        "#4a3528",
    )
    s.path(
        "M352,503C400,526 424,532 470,533H762C812,532 848,520 894,494"
        "L888,506C850,532 812,544 762,545H470C424,544 392,534 360,516Z",
        RED,
    )
    s.rect(452, 436, 320, 82, "#a5714c")
    s.rect(452, 500, 320, 18, "#8a5a3b")
    for k in range(6):
        x = 466 + k * 51
        s.rect(x, 448, 39, 44, "#5a3c2a")
        s.rect(x + 3, 451, 33, 38, "#e7cf9b")
        for j in (11, 22):
            s.line((x + 3 + j, 451), (x + 3 + j, 489), "#8a5a3b", 2)
        for j in (12, 25):
            s.line((x + 3, 451 + j), (x + 36, 451 + j), "#8a5a3b", 2)
    s.path("M428,440C440,420 470,402 520,400H704C754,402 784,420 796,440Z", "#5d655c")
    s.path("M428,440H796L792,447H432Z", "#3c4440")
    for k in range(1, 8):
        x = 446 + k * 42
        s.line((x + (612 - x) * 0.1, 403), (x, 438), "#4a524b", 2)
    s.path("M776,452C790,444 820,440 846,450L842,458C820,452 796,454 780,460Z", "#5d655c")
    for x in (838, 790):
        s.line((x, 452), (x, 508), "#5a3c2a", 5)
    for x in (400, 440):
        s.line((x, 462), (x, 514), "#5a3c2a", 5)
    s.path("M384,464C400,454 430,450 452,452V462C430,460 404,464 388,472Z", "#5d655c")
    s.line((388, 478), (300, 612), "#4a3528", 5)
    s.rect(330, 590, 250, 3, "#dfe4dc", 1.5)
    s.rect(640, 606, 230, 3, "#dfe4dc", 1.5)
    rng = random.Random(21)
    for k in range(13):
        x = 20 + k * 21
        length = 250 - abs(k - 3) * 17 + rng.uniform(-20, 30)
        end = x + 40 + rng.uniform(-6, 16)
        s.stroke(
            f"M{x},-6C{x + 6},{fmt(length * 0.4)} {fmt(end)},{fmt(length * 0.6)} "
            f"{fmt(end)},{fmt(length)}",
            "#66745a",
            2,
        )
        for j in range(4, 15):
            t = j / 15
            lx, ly = x + (end - x) * t * t + 4 * t, length * t
            side = -1 if j % 2 else 1
            s.path(
                f"M{fmt(lx)},{fmt(ly)}q{side * 9},4 {side * 9},19q{-side * 8},-6 {-side * 9},-19Z",
                "#7f8c68",
            )
    birds(s, ((1010, 150, 15), (1052, 132, 11), (980, 122, 9)), INK)
    return s


def draw_zunyi() -> Scene:
    """A two-storey house with arcades, a courtyard and an old tree."""
    x: float
    s = Scene()
    sky(s, ("#e9e4d6", "#ece4d2", "#efe2ca", "#f0dcc0"), 380, 5)
    s.circle(1010, 150, 44, "#d9a860")
    ridge(s, 9, 268, 46, "#c7cbbd", 110)
    ridge(s, 14, 322, 36, "#a6b09d", 90)
    ridge(s, 31, 372, 24, "#86937c", 80)
    for x, h in ((60, 96), (118, 120), (1090, 130), (1150, 100), (1030, 90), (980, 70)):
        s.oval(x, 470 - h * 0.9, h * 0.42, h * 0.75, "#6b7a61")
    s.rect(0, 520, WIDTH, 160, "#cfc3aa")
    s.path("M0,560C300,545 860,545 1200,562V680H0Z", "#c1b396")
    left, right = 300, 980
    s.poly(((left - 46, 262), (left + 66, 176), (right - 66, 176), (right + 46, 262)), "#59605e")
    for k in range(22):
        x = left - 20 + k * 34
        top = left + 74 + k * 25.3
        s.line((top, 178), (x, 260), "#4c5352", 1.6)
    s.rect(left + 60, 170, right - left - 120, 9, "#3f4544")
    for cx in (470, 810):
        s.poly(((cx - 52, 232), (cx, 184), (cx + 52, 232)), "#444b4a")
        s.rect(cx - 30, 214, 60, 30, "#b9b3a3")
        s.rect(cx - 20, 219, 40, 21, "#6d3d2f")
        s.line((cx, 219), (cx, 240), "#b9b3a3", 3)
    s.rect(left - 46, 260, right - left + 92, 11, "#3f4544")
    bays = 7
    pitch = (right - left) / bays
    for floor, (top, base) in enumerate(((271, 392), (406, 534))):
        s.rect(left, top, right - left, base - top, "#a8a69b")
        for k in range(bays):
            x = left + k * pitch + 15
            w = pitch - 30
            arch = (
                f"M{fmt(x)},{base}V{fmt(top + 18 + w / 2)}a{fmt(w / 2)},{fmt(w / 2 * 0.86)} 0 0 1 "
            )
            arch += f"{fmt(w)},0V{base}Z"
            s.path(arch, "#4b4238")
            s.rect(x + w * 0.2, top + 52, w * 0.6, base - top - 52, "#6d3d2f")
            s.rect(x + w * 0.27, top + 59, w * 0.46, base - top - 74, "#d9b56a")
            s.line((x + w / 2, top + 56), (x + w / 2, base), "#6d3d2f", 4)
            s.line((x + w * 0.27, top + 82), (x + w * 0.73, top + 82), "#6d3d2f", 3)
            mid = x + w / 2
            s.path(f"M{fmt(mid - 6)},{top + 10}h12l-3,16h-6Z", "#d9d5c8")
            if floor == 0:
                s.rect(x, base - 28, w, 5, "#d9d5c8")
                for j in range(7):
                    s.rect(x + 3 + j * (w - 9) / 6, base - 24, 3.4, 24, "#d9d5c8")
        for k in range(bays + 1):
            x = left + k * pitch
            s.rect(x - 10, top, 20, base - top, "#bdbab0")
            s.rect(x + 4, top, 6, base - top, "#94928a")
            s.rect(x - 13, top + 44, 26, 6, "#d9d5c8")
    s.rect(left - 16, 392, right - left + 32, 14, "#d0ccbf")
    s.rect(left - 16, 406, right - left + 32, 4, "#7f7d75")
    for k, y in enumerate((534, 544, 554)):
        s.rect(
            left - 16 - k * 12,
            y,
            right - left + 32 + k * 24,
            10,
            ("#d0ccbf", "#bdb8a8", "#a9a493")[k],
        )
    s.path("M585,564H695L770,680H510Z", "#d9cdb4")
    for y, half in ((582, 65), (604, 78), (630, 92), (656, 108)):
        s.line((640 - half, y), (640 + half, y), "#bfb196", 2)
    tree(s, 160, 590, 430, "#56664f", "#7f8c68")
    s.oval(170, 594, 110, 11, INK, 0.14)
    for x, r in ((1060, 34), (1104, 44), (1150, 36), (1010, 24)):
        s.circle(x, 586 - r * 0.6, r, "#66765a")
    s.rect(985, 572, 215, 22, "#8c8a80")
    s.rect(985, 566, 215, 8, "#6f6d65")
    birds(s, ((720, 110, 13), (760, 96, 10), (690, 90, 8)), INK)
    return s


def draw_changzheng() -> Scene:
    """A long column of small figures climbing to a snowy pass."""
    s = Scene()
    sky(s, ("#dfe0d8", "#e8e2d2", "#efdfc2", "#ecd0a0", "#e4bd80"), 400, 7)
    s.circle(905, 236, 62, "#d9a14a")
    clouds(s, ((180, 130, 220), (430, 180, 150), (1000, 150, 150)), "#efe9db")
    crag_layer(s, 4, 380, 170, "#c3c9c4", "#aab4b1")
    main = [(-40, 520), (60, 430), (150, 330), (235, 232), (290, 178), (330, 150), (378, 206),
            (430, 250), (505, 306), (590, 352), (660, 376), (730, 352), (800, 300), (870, 228),
            (930, 178), (968, 148), (1010, 196), (1080, 268), (1160, 330), (1240, 380)]  # fmt: skip
    s.poly([*main, (1240, 680), (-40, 680)], "#8a989a")
    snow = ("#f4f1ea", "#d5dbd9")
    s.poly(((330, 150), (378, 206), (430, 250), (402, 262), (384, 246), (362, 282), (344, 244),
            (318, 292), (300, 250), (268, 290), (256, 262), (222, 276), (213, 258), (290, 178)),
           snow[0])  # fmt: skip
    s.poly(((330, 150), (378, 206), (430, 250), (402, 262), (384, 246), (362, 282), (350, 214)),
           snow[1])  # fmt: skip
    s.poly(((968, 148), (1010, 196), (1080, 268), (1050, 274), (1022, 252), (1004, 296),
            (980, 252), (952, 300), (932, 256), (902, 286), (890, 260), (858, 268), (852, 250),
            (930, 178)), snow[0])  # fmt: skip
    s.poly(((968, 148), (1010, 196), (1080, 268), (1050, 274), (1022, 252), (1004, 296),
            (986, 214)), snow[1])  # fmt: skip
    s.poly(((330, 150), (350, 214), (362, 282), (420, 380), (560, 470), (660, 376), (590, 352),
            (505, 306), (430, 250)), "#76868a", 0.55)  # fmt: skip
    s.poly(((968, 148), (986, 214), (1004, 296), (1060, 400), (1240, 500), (1240, 380),
            (1160, 330), (1080, 268)), "#76868a", 0.55)  # fmt: skip
    ridge(s, 3, 470, 30, "#6d7d7c", 100, 20)
    clouds(s, ((40, 432, 260), (880, 448, 300), (560, 420, 160)), "#d9ddd7")
    near = [(-40, 640), (80, 612), (200, 590), (320, 560), (440, 540), (540, 500), (620, 452),
            (700, 430), (800, 446), (900, 486), (1010, 540), (1120, 580), (1260, 620)]  # fmt: skip
    s.path(f"{smooth(near)}L1260,690L-40,690Z", "#3e4a48")
    s.path("M-40,690L-40,672C200,640 420,600 560,540C520,600 640,640 760,690Z", "#323c3b")
    trail = [(x, height_at(near, x)) for x in range(60, 701, 31)]
    rng = random.Random(6)
    for i, (x, y) in enumerate(trail):
        size = 1.2 - 0.45 * i / len(trail)
        person(s, x + rng.uniform(-3, 3), y + 3, size, "#1f1c1a", i % 2 == 0)
    top = (708, height_at(near, 708))
    person(s, top[0] + 4, top[1] + 3, 0.8, "#1f1c1a")
    flag(s, top[0] + 10, top[1] + 2, 74, 46, "#1f1c1a")
    flag(s, 246, height_at(near, 246) + 3, 96, 50, "#1f1c1a")
    grass(s, 2, 610, 672, 26, "#4d5b57")
    birds(s, ((620, 190, 15), (664, 172, 11), (590, 166, 9)), INK)
    return s


def draw_lugouqiao() -> Scene:
    """A long stone bridge of many arches before daybreak."""
    s = Scene()
    sky(s, ("#56666f", "#74838a", "#9aa5a5", "#c4c0b0", "#e2cfae", "#e9c89a"), 400, 9)
    s.path("M228,96A40,40 0 1 0 276,146A34,34 0 0 1 228,96Z", "#f4eede")
    ridge(s, 6, 356, 26, "#98a09b", 120)
    ridge(s, 17, 384, 14, "#7d8783", 90)
    s.rect(0, 398, WIDTH, 290, "#b9b7a6")
    s.rect(0, 470, WIDTH, 220, "#9fa8a2")
    s.rect(0, 560, WIDTH, 130, "#84938f")

    def deck(x: float) -> float:
        return 362 + 26 * ((x - 600) / 600) ** 2

    arches = 9
    pitch = 1220 / arches
    body = [(x, deck(x)) for x in range(-20, 1241, 40)]
    s.path(f"{smooth(body)}L1240,470L-20,470Z", "#d6cdb8")
    s.path(
        f"{smooth(body)}L1240,{deck(1240) + 16}"
        + "".join(f"L{x},{fmt(deck(x) + 16)}" for x in range(1200, -21, -40))
        + "Z",
        "#b9ae96",
    )
    for k in range(arches):
        c = -10 + pitch * (k + 0.5)
        r = pitch * 0.39 - abs(k - 4) * 1.6
        top = 470
        s.path(
            f"M{fmt(c - r - 9)},{top}a{fmt(r + 9)},{fmt(r * 1.3 + 9)} 0 0 1 {fmt(2 * r + 18)},0Z",
            "#efe7d4",
        )
        s.path(f"M{fmt(c - r)},{top}a{fmt(r)},{fmt(r * 1.3)} 0 0 1 {fmt(2 * r)},0Z", "#5d6a6a")
        s.path(
            f"M{fmt(c - r + 12)},{top}a{fmt(r - 6)},{fmt(r * 1.22)} 0 0 1 "
            f"{fmt(2 * r - 18)},-6V{top}Z",
            "#93a09b",
        )
        s.path(
            f"M{fmt(c - r)},{top}a{fmt(r)},{fmt(r * 0.86)} 0 0 0 {fmt(2 * r)},0Z", "#64716f", 0.75
        )
    for k in range(arches + 1):
        x = -10 + pitch * k
        s.path(f"M{fmt(x - 19)},476L{fmt(x)},424L{fmt(x + 19)},476Z", "#c2b79f")
        s.path(f"M{fmt(x)},424L{fmt(x + 19)},476H{fmt(x)}Z", "#a2977f")
        s.rect(x - 22, 470, 44, 10, "#8b816c")
    s.rect(0, 478, WIDTH, 5, "#dcd8c8", 0, 0.6)
    for x in range(-10, 1231, 30):
        y = deck(x)
        s.rect(x + 4, y - 19, 22, 15, "#e6dec9")
        s.rect(x + 4, y - 6, 22, 8, "#c9bfa6")
        s.rect(x - 4, y - 27, 8, 30, "#f0e9d8")
        s.circle(x, y - 32, 6, "#f0e9d8")
        s.path(f"M{x - 6},{fmt(y - 27)}q6,-9 12,0Z", "#cfc5ad")
    ripples(s, 12, (0, 500, 1160, 664), 110, "#c9cdc0")
    ripples(s, 13, (100, 540, 1100, 664), 40, "#e2cfae")
    s.path("M-20,690V608C120,590 260,632 400,690Z", "#3a4441")
    s.path("M1240,690V600C1120,600 980,640 900,690Z", "#3a4441")
    rng = random.Random(3)
    for x in [*range(10, 300, 11), *range(980, 1200, 11)]:
        h = rng.uniform(34, 92)
        y = 664 + rng.uniform(-14, 10)
        lean = rng.uniform(4, 20)
        s.stroke(f"M{x},{fmt(y)}q2,{fmt(-h * 0.6)} {fmt(lean)},{fmt(-h)}", "#46514c", 2.4)
        s.oval(x + lean, y - h - 5, 3.2, 10, "#8d8266")
    birds(s, ((820, 170, 15), (866, 152, 12), (780, 150, 10), (905, 178, 8)), "#2f3a40")
    return s


def draw_yanan() -> Scene:
    """Cave dwellings on loess slopes above a hall with arched doors."""
    x: float
    y: float
    k: float
    w: float
    s = Scene()
    sky(s, ("#ece3cf", "#f0e2c6", "#f2dcb6", "#efcf9c"), 300, 4)
    ridge(s, 22, 230, 34, "#d9bd92", 120)
    hill = [(600, 340), (720, 290), (820, 250), (910, 214), (990, 202), (1060, 212), (1130, 246),
            (1190, 284), (1260, 320)]  # fmt: skip
    s.path(f"{smooth(hill)}L1260,690L640,690Z", "#c8a273")
    for k in range(9):
        w, y = 32 - k * 2, 208 - k * 12
        s.rect(1000 - w / 2, y - 12, w, 13, "#8d6b4c")
        s.rect(1000 - w / 2 - 4, y - 13, w + 8, 4, "#6d5038")
    s.path("M992,100L1000,78L1008,100Z", "#6d5038")
    slope = [(-40, 250), (100, 214), (240, 206), (380, 236), (520, 300), (680, 372), (860, 420),
             (1040, 446), (1260, 456)]  # fmt: skip
    s.path(f"{smooth(slope)}L1260,690L-40,690Z", "#cda06c")
    for tier, (y, x0, x1, n) in enumerate(((330, 40, 430, 5), (432, 20, 650, 7))):
        shade = ("#bb8d5a", "#b08250")[tier]
        s.path(
            f"M-40,{y - 92}C{x1 * 0.4:.0f},{y - 104} {x1:.0f},{y - 92} {x1 + 90},{y + 6}H-40Z",
            shade,
        )
        s.path(
            f"M-40,{y}H{x1 + 100}C{x1 + 140},{y + 6} {x1 + 170},{y + 16} {x1 + 180},{y + 26}H-40Z",
            "#e0bd8d",
        )
        gap = (x1 - x0) / n
        for k in range(n):
            c = x0 + gap * (k + 0.5)
            w = gap * 0.66
            r = w / 2
            s.path(
                f"M{fmt(c - r - 7)},{y}V{fmt(y - r - 12)}a{fmt(r + 7)},{fmt(r + 7)} 0 0 1 "
                f"{fmt(w + 14)},0V{y}Z",
                "#e2c79c",
            )
            s.path(
                f"M{fmt(c - r)},{y}V{fmt(y - r - 12)}a{fmt(r)},{fmt(r)} 0 0 1 {fmt(w)},0V{y}Z",
                "#6d4a33",
            )
            s.path(
                f"M{fmt(c - r + 5)},{fmt(y - r - 12)}a{fmt(r - 5)},{fmt(r - 5)} 0 0 1 "
                f"{fmt(w - 10)},0Z",
                "#f0d48f",
            )
            for j in (-0.45, 0, 0.45):
                s.line(
                    (c + r * j, y - r - 12),
                    (c + r * j * 1.4, y - r - 12 - r * 0.78),
                    "#6d4a33",
                    2.4,
                )
            s.rect(c - r + 5, y - r - 7, r * 0.92, r * 0.75, "#f0d48f")
            s.line(
                (c - r + 5 + r * 0.46, y - r - 7),
                (c - r + 5 + r * 0.46, y - r * 0.28 - 7),
                "#6d4a33",
                2,
            )
            s.rect(c + r * 0.1, y - r - 7, r * 0.78, r + 7, "#8d5a44")
    s.path("M-40,540C200,520 420,540 640,556C860,570 1040,560 1260,548V690H-40Z", "#b98c58")
    s.path("M-40,600C240,590 520,628 760,622C960,618 1100,604 1260,606V690H-40Z", "#a67a49")
    bx, by, bw = 700, 560, 400
    s.poly(
        (
            (bx - 14, by - 150),
            (bx + 60, by - 206),
            (bx + bw - 60, by - 206),
            (bx + bw + 14, by - 150),
        ),
        "#6f6a61",
    )
    s.rect(bx, by - 150, bw, 150, "#c6bda9")
    s.rect(bx, by - 150, bw, 9, "#8f8878")
    s.rect(bx + 112, by - 236, 176, 236, "#d6cebb")
    s.path(f"M{bx + 100},{by - 236}L{bx + 200},{by - 286}L{bx + 300},{by - 236}Z", "#b9b09a")
    s.rect(bx + 100, by - 240, 200, 9, "#8f8878")
    star = [
        (bx + 200 + r * math.sin(a), by - 256 - r * math.cos(a))
        for a, r in ((math.pi * i / 5, 13 if i % 2 == 0 else 5.2) for i in range(10))
    ]
    s.poly(star, RED)
    for x, w, h in ((bx + 132, 36, 74), (bx + 178, 44, 92), (bx + 232, 36, 74)):
        s.path(f"M{x},{by}V{by - h}a{w / 2},{w / 2} 0 0 1 {w},0V{by}Z", "#6d3a2b")
        s.line((x + w / 2, by), (x + w / 2, by - h - w / 2), "#9b6a4f", 2)
    for x in (bx + 136, bx + 184, bx + 232):
        s.path(f"M{x},{by - 140}V{by - 186}a16,16 0 0 1 32,0V{by - 140}Z", "#7a7264")
        s.path(f"M{x + 4},{by - 143}V{by - 186}a12,12 0 0 1 24,0V{by - 143}Z", "#f0d48f")
    for x in (bx + 18, bx + 64, bx + 302, bx + 348):
        s.path(f"M{x},{by - 44}V{by - 92}a16,16 0 0 1 32,0V{by - 44}Z", "#7a7264")
        s.path(f"M{x + 4},{by - 47}V{by - 92}a12,12 0 0 1 24,0V{by - 47}Z", "#f0d48f")
    s.rect(bx + 90, by, 220, 9, "#b9b09a")
    s.rect(bx + 76, by + 9, 248, 9, "#a59c86")
    s.path(f"M{bx + 150},{by + 18}h100l70,114h-230Z", "#c79c69")
    flag(s, bx + 60, by - 204, 66, 46)
    flag(s, bx + 340, by - 204, 66, 46)
    for x, y, k in ((180, 596, 1.25), (214, 602, 1.25), (470, 590, 1.1), (556, 612, 1.25),
                    (592, 608, 1.25)):  # fmt: skip
        person(s, x, y, k, "#3a3029")
    for x, h in ((1128, 120), (1164, 150), (640, 96)):
        tree(s, x, 572, h, "#7d7a4e", "#98935f")
    birds(s, ((560, 120, 13), (600, 104, 10), (530, 98, 8)), INK)
    return s


def draw_jinggangshan() -> Scene:
    """Folded green mountains, bamboo and a hamlet."""
    s = Scene()
    sky(s, ("#e8e6da", "#ece6d4", "#f0e4cb", "#f1dfc0"), 300, 12)
    s.circle(520, 160, 46, "#c9573f")
    tints = ("#cdd3c9", "#b3beb1", "#96a595", "#7a8b79", "#5f7160")
    for i, colour in enumerate(tints):
        ridge(s, 40 + i * 7, 230 + i * 58, 62 - i * 6, colour, 84)
        if i < 4:
            y = 292 + i * 52
            clouds(s, ((90 + i * 210, y, 230), (720 - i * 130, y + 16, 170)), "#edeae0")
    s.path("M-20,560C200,520 460,530 640,556C860,588 1040,560 1240,540V690H-20Z", "#8b9868")
    s.path("M-20,612C240,590 420,610 640,626C860,640 1060,616 1240,600V690H-20Z", "#a3aa74")
    for i in range(5):
        y = 570 + i * 17
        s.stroke(
            f"M{560 + i * 14},{y}C{680 + i * 10},{y - 12} {820},{y + 10} {1000 + i * 30},{y - 8}",
            "#76845a",
            2.4,
        )
    s.path(
        "M560,690C600,640 700,620 690,590C680,565 600,560 590,535C582,512 640,500 690,480"
        "C640,505 606,515 612,534C622,556 712,560 720,590C728,626 650,640 640,690Z",
        "#e5d7b4",
    )
    for x, y, w in ((770, 552, 92), (872, 562, 104), (700, 536, 70), (988, 560, 82)):
        house(s, x, y, w, "#f4efe3", "#55605e")
    for x, h in ((742, 84), (972, 96), (1080, 110), (1120, 84)):
        pine(s, x, 566, h, "#46574a")
    smoke(s, 930, 496, 60, "#f4efe3")
    rng = random.Random(15)
    for x, lean, thick in ((70, 26, 13), (132, -8, 11), (190, 30, 12), (254, 8, 9), (30, 10, 10)):
        for j in range(9):
            y0, y1 = 690 - j * 78, 690 - (j + 1) * 78 + 5
            a = x + lean * (j / 9) ** 1.5 * 3
            b = x + lean * ((j + 1) / 9) ** 1.5 * 3
            s.line((a, y0), (b, y1), "#5d7350" if j % 2 else "#6a8059", thick)
            s.line((a - thick / 2, y0), (a + thick / 2, y0), "#8fa274", 3)
            if j > 1:
                for _ in range(4):
                    side = rng.choice((-1, 1))
                    ang = rng.uniform(0.1, 1.0)
                    size = rng.uniform(44, 74)
                    ex, ey = b + side * size * math.cos(ang), y1 + size * math.sin(ang)
                    nx, ny = (b + ex) / 2, (y1 + ey) / 2
                    s.path(
                        f"M{fmt(b)},{fmt(y1)}Q{fmt(nx + 4)},{fmt(ny - 12)} {fmt(ex)},{fmt(ey)}"
                        f"Q{fmt(nx - 5)},{fmt(ny + 3)} {fmt(b)},{fmt(y1)}Z",
                        rng.choice(("#4f6647", "#6a8059", "#7f9468")),
                    )
    birds(s, ((880, 130, 14), (922, 112, 11), (848, 110, 9)), INK)
    return s


def draw_spring() -> Scene:
    """Steppe in spring: a winding river, felt tents and grazing horses."""
    x: float
    y: float
    s = Scene()
    sky(s, ("#dfe6e2", "#e8e6da", "#f0e2cc", "#f0d3b6", "#e9c0a2"), 300, 2)
    clouds(s, ((120, 120, 240), (460, 76, 180), (820, 130, 260)), "#f7efe2")
    s.circle(700, 246, 56, "#c9573f")
    ridge(s, 8, 286, 22, "#b9c3b8", 130)
    ridge(s, 19, 312, 18, "#9db09b", 110)
    s.path("M-20,340C260,318 520,350 760,336C960,326 1100,330 1240,338V690H-20Z", "#a6b47f")
    s.path("M-20,400C200,380 420,420 640,404C880,388 1080,410 1240,392V690H-20Z", "#98a971")
    grass(s, 5, 600, 672, 60, "#63764a")
    s.path(
        "M690,338C640,352 520,352 530,372C540,394 900,386 880,426C860,470 300,450 330,520"
        "C354,580 760,580 900,690H380C300,640 90,600 110,520C136,430 700,452 700,420"
        "C700,398 470,400 468,374C466,350 640,346 690,338Z",
        "#c3d4d4",
    )
    s.path(
        "M690,338C640,350 524,352 532,370C534,378 600,384 680,390C560,386 474,386 470,374"
        "C466,352 640,346 690,338Z",
        "#e4ebe6",
    )
    s.stroke("M180,520C200,480 420,476 600,456", "#e4ebe6", 4)
    s.stroke("M250,560C320,620 560,610 700,680", "#e4ebe6", 4)
    s.stroke("M340,540C380,580 560,580 690,610", "#a9c0c0", 3)
    for x, y, w in ((850, 382, 92), (968, 404, 128), (1082, 376, 80)):
        yurt(s, x, y, w)
    smoke(s, 968, 326, 54, "#f7efe2", 0.9)
    s.path("M-20,560C60,552 90,600 230,640C300,660 340,672 380,690H-20Z", "#7f9260")
    s.path("M1240,540C1120,536 960,600 880,650C870,660 890,680 900,690H1240Z", "#7f9260")
    for x, y, k, flip, colour in (
        (560, 440, 0.5, False, "#6d4a33"), (960, 524, 0.95, True, "#4a3528"),
        (1100, 556, 1.15, False, "#7d5a3f"),
        (838, 498, 0.72, False, "#efe6d4"), (250, 420, 0.5, True, "#5a4334"),
        (310, 432, 0.46, False, "#efe6d4"),
    ):  # fmt: skip
        s.oval(x, y + 1, 50 * k, 5 * k, INK, 0.2)
        s.at(x, y, k, GRAZING, colour, flip)
    rng = random.Random(30)
    for _ in range(70):
        x, y = rng.uniform(0, WIDTH), rng.uniform(585, 665)
        if x < 240 or x > 930:
            s.circle(x, y, rng.uniform(2.4, 4.6), rng.choice((RED, "#f4ead2", GOLD)))
    birds(s, ((300, 200, 14), (344, 184, 11), (264, 184, 9)), INK)
    return s


def draw_hongqiqu() -> Scene:
    """A stone canal winding along the foot of cliffs, high above a valley."""
    x: float
    y: float
    k: float
    w: float
    s = Scene()
    sky(s, ("#dfe5e3", "#e6e6dc", "#ede3cf", "#efdcbf"), 330, 6)
    s.circle(250, 138, 48, "#d9a14a")
    crag_layer(s, 9, 330, 120, "#c6cdca", "#b4bdbb")
    ridge(s, 27, 350, 22, "#a8b4ac", 100)
    ridge(s, 33, 420, 24, "#8ea08f", 100)
    for i in range(7):
        y = 452 + i * 33
        d = f"M-20,{y}C120,{y - 22} 260,{y + 14} 420,{y - 4}S680,{y + 20} 760,{y + 10}V690H-20Z"
        s.path(d, ("#a9b08a", "#98a277", "#c3b97f", "#8b9a6c", "#b3ab72", "#7f8f63", "#6f8059")[i])
        s.stroke(d.split("V")[0], "#5f7054", 1.6, 0.6)
    for x, y, w in ((96, 500, 44), (150, 508, 50), (220, 502, 42)):
        house(s, x, y, w, "#efe6d4", "#6d6a60")
    cliffs = (
        ("#b7a58d", "#a39078", ((640, 360), (664, 250), (720, 214), (770, 160), (830, 150),
                                (862, 196), (1240, 180), (1240, 690), (560, 690), (624, 560),
                                (650, 470))),
        ("#a48d72", "#8d775e", ((800, 420), (812, 300), (846, 236), (868, 150), (930, 92),
                                (1000, 86), (1030, 130), (1240, 110), (1240, 690), (830, 690),
                                (818, 520))),
        ("#8b735b", "#755f4a", ((980, 560), (990, 400), (1020, 300), (1034, 190), (1090, 110),
                                (1150, 40), (1240, 20), (1240, 690), (960, 690))),
    )  # fmt: skip
    rng = random.Random(18)
    for k, (light, dark, shape) in enumerate(cliffs):
        s.poly(shape, light)
        x0 = shape[0][0] + (64, 40, 30)[k]
        for j in range(8):
            x = x0 + j * (1230 - x0) / 8 + rng.uniform(-10, 10)
            top = 130 + rng.uniform(40, 110) + (0, -10, 10)[k]
            w = rng.uniform(16, 34)
            s.poly(((x, top), (x + w, top + rng.uniform(14, 50)), (x + w * 0.9, 690),
                    (x + w * 0.3, 690)), dark, 0.75)  # fmt: skip
        for j in range(5):
            y = 220 + j * 62 + k * 20
            s.line((x0 + 20, y), (x0 + 90 + rng.uniform(0, 160), y + 8), dark, 2.4, 0.8)
    for x, y, h in ((740, 196, 40), (800, 156, 44), (940, 94, 50), (985, 90, 40), (1110, 92, 56),
                    (1060, 156, 44), (846, 240, 34)):  # fmt: skip
        pine(s, x, y + 4, h, "#56664f")
    outer = (
        "M652,402C700,410 770,414 812,428C850,440 860,450 900,462C960,480 1010,520 1020,552"
        "C1032,596 1010,640 960,690"
    )
    s.path(
        outer + "H1240V560C1180,520 1120,486 1060,462C1000,440 950,424 900,414"
        "C840,402 740,392 652,394Z",
        "#d8c8a8",
    )
    s.path(
        "M652,398C740,398 840,410 900,424C950,436 1000,454 1056,480C1120,508 1170,550 1190,600"
        "C1200,640 1196,670 1190,690H1040C1070,640 1072,590 1050,552C1026,514 970,486 910,464"
        "C870,450 850,438 812,426C770,414 700,404 652,398Z",
        "#8fb0b6",
    )
    s.path(
        "M900,432C960,448 1040,480 1090,520C1130,556 1146,620 1140,690H1112C1118,620 1104,568"
        " 1064,526C1024,488 960,456 900,432Z",
        "#c9dcdb",
    )
    s.stroke("M700,403C790,406 860,420 900,432", "#c9dcdb", 3)
    s.path(
        "M652,402C700,410 770,414 812,428C850,440 860,450 900,462C960,480 1010,520 1020,552"
        "C1032,596 1010,640 960,690H900C960,640 984,600 972,564C958,530 930,508 880,486"
        "C850,472 830,460 800,448C760,434 700,424 652,416Z",
        "#9c8767",
    )
    s.stroke(
        "M652,401C700,409 770,413 812,427C850,439 860,449 900,461C960,479 1010,519 1021,552"
        "C1033,596 1012,640 964,690",
        "#efe4cb",
        9,
    )
    rng = random.Random(5)
    for _ in range(46):
        t = rng.random()
        x = 690 + 290 * t
        y = 420 + 60 * t * t + rng.uniform(2, 14) + 36 * t * rng.random()
        s.line((x, y), (x + 10 + 10 * t, y + 3 + 4 * t), "#7c694e", 1.8, 0.7)
    for x, y, k in ((905, 458, 0.62), (930, 468, 0.68), (1012, 528, 0.95)):
        person(s, x, y, k, "#2f2a26", True)
    flag(s, 838, 436, 62, 34)
    clouds(s, ((420, 210, 180), (60, 250, 150)), "#f3ecdf")
    birds(s, ((480, 130, 14), (524, 114, 11), (444, 110, 9)), INK)
    return s


def wheel(scene: Scene, x: float, y: float, r: float, colour: str) -> None:
    """A spoked cart wheel."""
    d = f"M{fmt(x - r)},{fmt(y)}a{r},{r} 0 1,0 {2 * r},0a{r},{r} 0 1,0 {-2 * r},0"
    scene.stroke(d, colour, r * 0.16)
    for i in range(5):
        a = math.pi * i / 5
        dx, dy = r * math.cos(a), r * math.sin(a)
        scene.line((x - dx, y - dy), (x + dx, y + dy), colour, r * 0.08)
    scene.circle(x, y, r * 0.2, colour)


def draw_wulanmuqi() -> Scene:
    """A horse cart and riders crossing a ridge against a great low sun."""
    s = Scene()
    sky(s, ("#d7c9b0", "#e2cda6", "#ebcf9b", "#efc98c", "#eab777", "#df9f66"), 420, 10)
    s.circle(690, 340, 178, "#c9573f")
    s.circle(690, 340, 146, "#d26a48")
    clouds(s, ((120, 150, 230), (930, 190, 210), (420, 226, 150), (830, 300, 190)), "#f2dfba")
    ridge(s, 15, 404, 16, "#b58a5c", 130)
    ridge(s, 23, 428, 14, "#97764f", 110)
    crest = [(-40, 470), (120, 452), (300, 440), (470, 428), (640, 424), (800, 428), (960, 444),
             (1100, 462), (1260, 474)]  # fmt: skip
    s.path(f"{smooth(crest)}L1260,690L-40,690Z", "#5b4a38")
    dark = "#241f1c"
    y0 = 431
    for x, k in ((330, 0.98), (930, 1.0), (1042, 0.9)):
        rider(s, x, height_at(crest, x) + 3, k, dark)
    flag(s, 948, 372, 66, 50, dark)
    s.at(744, y0 - 3, 1.08, HORSE, dark)
    s.line((560, y0 - 34), (724, y0 - 46), dark, 5)
    s.line((560, y0 - 28), (716, y0 - 36), dark, 4)
    s.stroke(f"M766,{y0 - 70}C700,{y0 - 74} 640,{y0 - 60} 600,{y0 - 62}", dark, 1.8)
    s.path(f"M452,{y0 - 36}H612V{y0 - 24}H452Z", dark)
    s.path(f"M458,{y0 - 36}V{y0 - 70}C458,{y0 - 112} 570,{y0 - 112} 570,{y0 - 70}V{y0 - 36}Z", dark)
    s.stroke(f"M486,{y0 - 38}V{y0 - 96}M514,{y0 - 38}V{y0 - 101}M542,{y0 - 38}V{y0 - 96}",
             "#4a3b2e", 2.4)  # fmt: skip
    s.at(
        592,
        y0 - 10,
        0.95,
        "M-6,-26C-8,-42 -9,-58 0,-62C9,-60 11,-46 8,-34L20,-26L20,-21L4,-22Z"
        "M-5.5,-69a5.5,5.8 0 1,0 11,0a5.5,5.8 0 1,0 -11,0Z",
        dark,
    )
    wheel(s, 514, y0 - 16, 27, dark)
    s.circle(514, y0 - 16, 3, "#b58a5c")
    flag(s, 462, y0 - 36, 118, 66, dark)
    for x in (232, 262):
        person(s, x, height_at(crest, x) + 3, 1.15, dark, True)
    s.path("M-20,520C180,480 420,520 640,540C880,560 1060,520 1240,500V690H-20Z", "#4a3d30")
    s.path("M-20,600C240,560 520,600 760,612C960,620 1100,590 1240,584V690H-20Z", "#3a3129")
    s.path(
        "M640,690C700,640 860,610 850,580C842,556 760,560 770,536C778,516 860,500 900,470"
        "C872,504 800,520 796,538C792,558 892,556 900,584C908,620 790,650 760,690Z",
        "#806548",
    )
    for x, y, w in ((190, 590, 132), (330, 566, 96), (80, 562, 80)):
        yurt(s, x, y, w, "#cdb894", "#a48d6c", "#f0c46a", "#5b4a38")
    smoke(s, 190, 512, 58, "#cdb894", 0.8)
    smoke(s, 330, 508, 44, "#cdb894", 0.7)
    for x, y, k, flip in (
        (1040, 566, 0.62, True),
        (1120, 582, 0.68, False),
        (976, 586, 0.6, False),
    ):
        s.at(x, y, k, GRAZING, "#241f1c", flip)
    grass(s, 9, 610, 670, 40, "#5b4a38")
    birds(s, ((300, 250, 14), (342, 232, 11), (262, 234, 9)), dark)
    return s


def draw_baogang() -> Scene:
    """A blast furnace with its skip bridge and stoves, iron running in the evening."""
    x: float
    y: float
    k: float
    s = Scene()
    sky(s, ("#3f4b57", "#586069", "#7d7573", "#a98870", "#cf9f6e", "#e3b679"), 440, 14)
    s.circle(170, 372, 60, "#c9573f")
    ridge(s, 16, 414, 20, "#6b5f58", 120)
    ridge(s, 35, 444, 12, "#564d48", 100)
    steel, mid, edge = "#2c3135", "#3a4146", "#4a5359"
    for x, h in ((1060, 350), (1120, 290)):
        s.poly(((x - 13, 520), (x - 8, 520 - h), (x + 8, 520 - h), (x + 13, 520)), steel)
        for j in range(3):
            s.rect(x - 9, 520 - h + 12 + j * 26, 18, 9, "#8d4a3a")
    for x, y in ((1060, 160), (1120, 222)):
        d = f"M{x},{y}c-8,-26 -60,-18 -66,-44c-4,-22 -60,-10 -84,-34c-16,-18 -66,-10 -96,-20"
        s.stroke(d, "#8b7f79", 15, 0.8)
    for k in range(3):
        x = 770 + k * 84
        s.rect(x, 268, 66, 270, mid)
        s.rect(x + 42, 268, 24, 270, steel)
        s.rect(x + 10, 268, 7, 270, edge)
        s.path(f"M{x},270a33,40 0 0 1 66,0Z", mid)
        s.path(f"M{x + 33},230a33,40 0 0 1 33,40h-24q0,-26 -9,-40Z", steel)
        s.rect(x + 26, 216, 14, 20, steel)
        for y in (330, 400, 470):
            s.rect(x - 4, y, 74, 6, edge)
    s.stroke("M610,186H700Q732,186 740,214V300H1010", edge, 15)
    s.stroke("M610,186H700Q732,186 740,214V300H1010", mid, 8)
    s.poly(((120, 540), (150, 540), (566, 156), (548, 142)), mid)
    s.line((134, 540), (556, 150), edge, 3)
    for t in [i / 11 for i in range(12)]:
        x, y = 135 + 422 * t, 540 - 391 * t
        s.line((x, y + 10), (x + 26, y + 6), "#6b757b", 2)
    for x in (240, 340, 440):
        y = 540 - (x - 135) * 391 / 422
        s.line((x - 14, 540), (x, y + 10), steel, 7)
        s.line((x + 14, 540), (x, y + 10), steel, 7)
        s.line((x - 9, (540 + y) / 2), (x + 9, (540 + y) / 2), steel, 4)
    s.rect(320, 356, 36, 24, "#8d4a3a", 3)
    body = "M548,170H652L664,236L686,380L700,440V540H500V440L514,380L536,236Z"
    s.path(body, mid)
    s.path("M620,170H652L664,236L686,380L700,440V540H644V440L634,380L626,236Z", steel)
    s.path("M556,170H566L556,236L540,380L530,440V540H518V440L530,380L548,236Z", edge)
    for y, x0, x1 in ((236, 520, 680), (310, 508, 692), (380, 496, 704), (440, 482, 718)):
        s.rect(x0, y, x1 - x0, 8, "#20262a")
        for x in range(x0 + 2, x1, 12):
            s.line((x, y), (x, y - 14), "#6b757b", 1.4)
        s.line((x0, y - 14), (x1, y - 14), "#6b757b", 1.8)
    s.path("M540,170L560,128H640L660,170Z", steel)
    s.rect(578, 92, 44, 38, mid)
    for x in (560, 640):
        s.stroke(f"M{x},134C{x},90 {600 + (x - 600) * 0.5},76 600,66", edge, 9)
    s.rect(588, 44, 24, 30, steel)
    s.path("M480,440H720V470H480Z", "#20262a")
    for k in range(7):
        s.rect(494 + k * 32, 478, 18, 16, "#e9a13f", 3)
    s.rect(0, 536, WIDTH, 150, "#332f2d")
    s.path("M-20,560C300,546 700,556 1240,540V690H-20Z", "#3d3733")
    s.rect(470, 520, 260, 22, "#20262a")
    grass(s, 4, 630, 672, 34, "#57504a")
    s.path("M560,540C560,508 576,492 600,492C624,492 640,508 640,540Z", "#7a2a1d")
    s.path("M572,540C572,514 582,502 600,502C618,502 628,514 628,540Z", "#f0b64a")
    s.path(
        "M576,538H624C640,566 620,584 560,604C480,630 420,640 380,690H240C300,626 400,606 470,588"
        "C540,570 580,560 576,538Z",
        "#b23a22",
    )
    s.path(
        "M584,538H616C626,562 606,576 548,594C470,620 400,634 350,690H276C330,632 410,610 480,592"
        "C550,574 590,560 584,538Z",
        "#e98a35",
    )
    s.path(
        "M592,538H608C614,560 590,570 536,588C460,614 390,630 326,690H306C366,628 430,606 490,590"
        "C556,572 596,560 592,538Z",
        "#f7d27a",
    )
    rng = random.Random(2)
    for _ in range(34):
        a, r = rng.uniform(-2.7, -0.4), rng.uniform(30, 120)
        s.circle(
            600 + r * math.cos(a),
            540 + r * math.sin(a) * 0.7,
            rng.uniform(1.4, 3.2),
            rng.choice(("#f7d27a", "#e98a35")),
        )
    for x, y, k in ((700, 596, 1.5), (742, 602, 1.5), (820, 588, 1.35), (500, 578, 1.2)):
        person(s, x, y, k, "#1d1a19")
    s.line((706, 576), (650, 586), "#1d1a19", 3)
    return s


def fingerprint(scene: Scene, seed: int, x: float, y: float, r: float, alpha: float) -> None:
    """A red fingerprint drawn as a nest of broken loops."""
    rng = random.Random(seed)
    turn = rng.uniform(-30, 30)
    clip = f"finger{seed}"
    parts = [
        f'<clipPath id="{clip}"><ellipse rx="{fmt(r * 0.76)}" ry="{fmt(r)}"/></clipPath>',
        f'<ellipse rx="{fmt(r * 0.76)}" ry="{fmt(r)}" fill="{RED}" opacity="0.34"/>',
        f'<g clip-path="url(#{clip})">',
    ]
    for i in range(1, 10):
        k = i / 7
        rx, ry = r * 0.62 * k, r * 0.74 * k
        dash = f"{fmt(rng.uniform(26, 60))} {fmt(rng.uniform(2, 5))}"
        parts.append(
            f'<ellipse cy="{fmt(r * 0.16)}" rx="{fmt(rx)}" ry="{fmt(ry)}" fill="none" '
            f'stroke="{RED}" stroke-width="{fmt(r * 0.07)}" stroke-dasharray="{dash}" '
            f'stroke-dashoffset="{fmt(rng.uniform(0, 40))}"/>'
        )
    parts.append("</g>")
    scene.add(
        f'<g transform="translate({fmt(x)},{fmt(y)}) rotate({fmt(turn)})" opacity="{alpha}">'
        f"{''.join(parts)}</g>"
    )


def ear_of_wheat(scene: Scene, x: float, y: float, h: float, lean: float) -> None:
    """A ripe ear of wheat on a bending stalk, rooted at (x, y)."""
    tip = (x + lean, y - h)
    bend = (x + lean * 0.3, y - h * 0.55)
    d = f"M{fmt(x)},{fmt(y)}Q{fmt(bend[0])},{fmt(bend[1])} {fmt(tip[0])},{fmt(tip[1])}"
    scene.stroke(d, "#b98a3a", 5)
    angle = math.degrees(math.atan2(tip[1] - bend[1], tip[0] - bend[0])) + 90
    grains = []
    for i in range(8):
        gy = 10 - i * 19
        for side, colour in ((-1, "#dcb763"), (1, "#cfa24c")):
            grains.append(
                f'<path transform="translate({side * 4},{gy - 26}) rotate({side * 15})" '
                f'd="M0,0L{side * 2},-58" stroke="#cfa24c" stroke-width="1.6"/>'
                f'<path transform="translate({side * 4},{gy}) rotate({side * 26})" '
                f'd="M0,2C12,-6 11,-24 0,-33C-11,-24 -12,-6 0,2Z" fill="{colour}" '
                f'stroke="#9a7230" stroke-width="1.2"/>'
            )
    grains.append(
        '<path d="M0,-124C10,-136 8,-152 0,-162C-8,-152 -10,-136 0,-124Z" fill="#dcb763" '
        'stroke="#9a7230" stroke-width="1.2"/>'
    )
    scene.add(
        f'<g transform="translate({fmt(tip[0])},{fmt(tip[1])}) rotate({fmt(angle)})">'
        f"{''.join(grains)}</g>"
    )


def draw_xiaogang() -> Scene:
    """A sheet with red fingerprints on a wooden table, with ears of wheat."""
    y: float
    s = Scene(ground="#6b4a33")
    for i, colour in enumerate(("#74513a", "#6a4932", "#704d36", "#644430", "#6c4a34")):
        y = i * 138
        s.rect(0, y, WIDTH, 136, colour)
        rng = random.Random(i + 40)
        for _ in range(7):
            yy = y + rng.uniform(12, 126)
            x = rng.uniform(-200, 1000)
            s.stroke(
                f"M{fmt(x)},{fmt(yy)}q{fmt(rng.uniform(120, 260))},{fmt(rng.uniform(-9, 9))} "
                f"{fmt(rng.uniform(300, 600))},0",
                "#57392a",
                2,
                0.55,
            )
        s.rect(0, y + 134, WIDTH, 4, "#4a3022")
    s.poly(((206, 118), (790, 74), (834, 598), (246, 640)), "#3c281d", 0.5)
    s.path(
        "M190,104L420,84L600,74L774,58L786,200L800,390L818,582L600,602L420,612L230,626"
        "L216,420L204,250Z",
        "#ecdcb9",
    )
    s.path("M774,58L786,200L800,390L818,582L700,592C744,420 742,220 720,63Z", "#e0cda3", 0.7)
    s.stroke("M213,364C400,350 620,336 793,327", "#d3bd90", 3)
    s.stroke("M484,84C494,260 510,430 523,602", "#d3bd90", 3)
    s.path("M230,626L276,622L262,580Z", "#d3bd90")
    rng = random.Random(11)
    for row in range(5):
        y = 142 + row * 36
        x = 258 + row * 2
        while x < 712 - (150 if row == 4 else 0):
            w = rng.uniform(14, 38)
            s.line(
                (x, y + (x - 250) * -0.078),
                (x + w, y + (x + w - 250) * -0.078),
                "#6b5a48",
                rng.uniform(3, 5),
                0.75,
            )
            x += w + rng.uniform(9, 18)
    k = 0
    for row in range(3):
        for col in range(6):
            x = 290 + col * 83 + row * 6 + rng.uniform(-9, 9)
            y = 372 + row * 82 - col * 6.5 + rng.uniform(-9, 9)
            fingerprint(s, k + 3, x, y, rng.uniform(25, 31), rng.choice((0.95, 0.88, 0.8)))
            k += 1
    for x, h, lean in ((952, 222, -66), (1030, 234, 56), (974, 322, -34), (1012, 334, 26),
                       (992, 268, -4)):  # fmt: skip
        ear_of_wheat(s, x, 560, h, lean)
    for k in range(9):
        x = 946 + k * 11.5
        s.line((x, 556), (992 + (x - 992) * 2.1, 690), "#b98a3a" if k % 2 else "#a57a30", 6)
        s.line((x, 560), (992 + (x - 992) * 0.9, 500), "#b98a3a" if k % 2 else "#a57a30", 5)
    s.path("M940,546C970,556 1014,556 1044,546L1048,574C1014,584 970,584 936,574Z", RED)
    s.stroke("M940,556C970,566 1014,566 1045,556", "#c4564a", 2.5)
    s.path("M1036,560q34,2 40,30q-26,-4 -40,-18q24,22 16,44q-20,-14 -24,-44Z", "#8a2219")
    for x, y in ((850, 560), (876, 600), (842, 620), (900, 540), (862, 524)):
        s.oval(x, y, 8, 5, "#d9b05c")
    return s


def draw_tiananmen() -> Scene:
    """The gate tower with white bridges, a flagpole and doves."""
    x: float
    y: float
    k: float
    s = Scene()
    sky(s, ("#dbe3e3", "#e3e5df", "#ebe5d6", "#f0e2c8", "#f0dab6"), 420, 3)
    clouds(s, ((90, 150, 220), (900, 120, 230), (760, 210, 130), (300, 96, 140)), "#f8f3e8")
    for x, r in ((40, 70), (110, 84), (180, 66), (1020, 66), (1092, 84), (1164, 72)):
        s.circle(x, 452, r, "#7f8c68")
    for x, r in ((0, 60), (70, 62), (150, 54), (1050, 54), (1130, 62), (1204, 60)):
        s.circle(x, 480, r, "#6c7b5b")
    s.poly(((170, 540), (190, 386), (1010, 386), (1030, 540)), "#9f2a1f")
    s.poly(((600, 540), (600, 386), (1010, 386), (1030, 540)), "#93251b")
    s.rect(178, 376, 844, 12, "#d9b56a")
    s.rect(190, 364, 820, 12, "#e9dfc8")
    for x in range(194, 1010, 16):
        s.rect(x, 346, 8, 20, "#efe7d6")
    s.rect(190, 344, 820, 5, "#f6f0e2")
    s.poly(((166, 540), (170, 520), (1030, 520), (1034, 540)), "#cfc4ad")
    for c, w, h in ((600, 66, 118), (486, 52, 96), (714, 52, 96), (376, 46, 86), (824, 46, 86)):
        s.path(
            f"M{c - w / 2 - 6},540V{540 - h + w / 2}a{w / 2 + 6},{w / 2 + 6} 0 0 1 {w + 12},0V540Z",
            "#7d1e16",
        )
        s.path(f"M{c - w / 2},540V{540 - h + w / 2}a{w / 2},{w / 2} 0 0 1 {w},0V540Z", "#4a1a14")
    s.rect(290, 262, 620, 84, "#8d2a20")
    for k in range(11):
        x = 292 + k * 61
        s.rect(x, 262, 10, 84, "#b23a2a")
        if k < 10:
            s.rect(x + 17, 278, 38, 66, "#6d1f18")
            for j in range(1, 4):
                s.line((x + 17 + j * 9.5, 280), (x + 17 + j * 9.5, 342), "#c4923f", 1.6)
            for j in range(1, 4):
                s.line((x + 18, 278 + j * 14), (x + 54, 278 + j * 14), "#c4923f", 1.6)
    s.rect(284, 252, 632, 14, "#4f6f6b")
    for x in range(290, 910, 22):
        s.rect(x, 255, 11, 7, "#d9b56a")

    def roof(y: float, half: float, ridge_half: float, h: float) -> None:
        left, right = 600 - half, 600 + half
        s.path(
            f"M{left},{y}Q{left + 42},{y - 6} {left + 74},{y - h * 0.42}"
            f"Q{600 - ridge_half - 24},{y - h * 0.9} {600 - ridge_half},{y - h}"
            f"H{600 + ridge_half}Q{600 + ridge_half + 24},{y - h * 0.9} {right - 74},"
            f"{y - h * 0.42}Q{right - 42},{y - 6} {right},{y}Q{right - 30},{y + 9} "
            f"{right - 60},{y + 7}H{left + 60}Q{left + 30},{y + 9} {left},{y}Z",
            "#c4923f",
        )
        for i in range(-16, 17):
            x0 = 600 + i * ridge_half / 16.5
            x1 = 600 + i * (half - 56) / 16.5
            s.stroke(
                f"M{fmt(x0)},{y - h + 4}Q{fmt((x0 + x1) / 2)},{y - h * 0.4} {fmt(x1)},{y + 4}",
                "#a8782c",
                2,
            )
        s.rect(left + 58, y + 3, 2 * half - 116, 6, "#8a5f22")

    roof(252, 372, 262, 52)
    s.rect(352, 178, 496, 24, "#8d2a20")
    for k in range(13):
        s.rect(354 + k * 40.3, 178, 7, 24, "#b23a2a")
    s.rect(346, 170, 508, 10, "#4f6f6b")
    roof(170, 322, 206, 72)
    s.rect(388, 92, 424, 9, "#a8782c", 3)
    for x, flip in ((388, 1), (812, -1)):
        s.path(
            f"M{x},101V84q{flip * 3},-10 {flip * 14},-7q{-flip * 3},6 {flip * 2},11V101Z", "#a8782c"
        )
    s.rect(0, 538, WIDTH, 150, "#d9cfb8")
    s.path("M0,560H1200V600H0Z", "#a9bfc0")
    for y in (568, 580, 592):
        s.line((30, y), (1170, y), "#c3d4d4", 2)
    for c, w in ((600, 110), (470, 78), (730, 78), (350, 70), (850, 70)):
        s.poly(
            ((c - w / 2, 540), (c + w / 2, 540), (c + w * 0.72, 640), (c - w * 0.72, 640)),
            "#ece4d2",
        )
        for side in (-1, 1):
            for j in range(5):
                t = j / 4
                x, y = c + side * (w / 2 + w * 0.22 * t), 540 + 100 * t
                s.rect(x - 3 - t, y - 16 - 8 * t, 6 + 2 * t, 18 + 8 * t, "#f8f3e8")
                s.circle(x, y - 18 - 8 * t, 4 + t, "#f8f3e8")
            s.stroke(f"M{fmt(c + side * w / 2)},530L{fmt(c + side * w * 0.72)},624", "#f8f3e8", 6)
    s.path("M0,640H1200V690H0Z", "#cdbfa2")
    s.rect(1030, 606, 72, 20, "#f0e9d8")
    s.rect(1018, 624, 96, 18, "#e0d6bf")
    flag(s, 1066, 608, 380, 94, "#8f8878")
    s.rect(70, 420, 16, 200, "#f0e9d8")
    s.poly(((44, 470), (66, 452), (104, 444), (92, 462), (60, 476)), "#f0e9d8")
    s.rect(58, 614, 40, 28, "#e0d6bf")
    s.path("M62,420q16,-26 32,0Z", "#f0e9d8")
    for x, y, k in ((120, 268, 1.15), (186, 226, 0.95), (96, 196, 0.8), (232, 158, 0.75),
                    (150, 118, 0.65), (900, 116, 0.8), (964, 158, 0.7)):  # fmt: skip
        s.at(
            x,
            y,
            k,
            "M-20,2C-10,-4 -4,-4 2,-2C4,-18 14,-26 24,-28C22,-16 18,-8 12,0L22,4L10,7"
            "C0,10 -10,8 -20,2ZM-2,-4C-10,-14 -8,-24 -4,-30C2,-22 6,-12 5,-3Z",
            "#fffdf8",
        )
    return s


def draw_paotaishan() -> Scene:
    """A plain monument on three platforms, with steps and pines, at daybreak."""
    y: float
    half: float
    s = Scene()
    sky(s, ("#d9dfdd", "#e3e1d6", "#ecdfc9", "#efd5b5", "#e9c29b"), 400, 16)
    s.circle(600, 336, 150, "#e8b98c")
    s.circle(600, 336, 112, "#e0a478")
    clouds(s, ((110, 160, 220), (880, 130, 230), (300, 250, 150), (830, 270, 160)), "#f6eddd")
    ridge(s, 44, 366, 28, "#b4bbae", 120)
    ridge(s, 51, 404, 20, "#96a291", 100)
    s.path("M-20,470C200,440 380,432 600,430C820,432 1000,440 1220,470V690H-20Z", "#7f8f70")
    rng = random.Random(9)
    for side in (-1, 1):
        for i in range(8):
            x = 600 + side * (250 + i * 47 + rng.uniform(-8, 8))
            pine(
                s,
                x,
                452 + i * 4 + rng.uniform(-4, 4),
                96 + i * 9 + rng.uniform(-12, 12),
                ("#5f7160", "#516353")[i % 2],
            )
    s.path("M-20,540C160,500 360,490 600,490C840,490 1040,500 1220,540V690H-20Z", "#8fa07a")
    grass(s, 8, 560, 640, 30, "#6f8059")
    stone, shade, edge = "#e6ddca", "#cabfa8", "#f3ecdd"
    for y, half, h in ((440, 110, 30), (482, 172, 34), (530, 240, 40)):
        s.rect(600 - half, y - h + 30, 2 * half, h + 14, stone)
        s.rect(600 + half * 0.45, y - h + 30, half * 0.55, h + 14, shade)
        s.rect(600 - half - 8, y - h + 24, 2 * half + 16, 8, edge)
        for x in range(int(600 - half), int(600 + half) + 1, 22):
            s.rect(x - 3, y - h + 6, 5, 20, edge)
        s.rect(600 - half - 4, y - h + 4, 2 * half + 8, 5, edge)
    s.poly(((560, 436), (566, 150), (634, 150), (640, 436)), stone)
    s.poly(((606, 436), (604, 150), (634, 150), (640, 436)), shade)
    s.poly(((566, 150), (600, 112), (634, 150)), edge)
    s.poly(((600, 112), (634, 150), (604, 150)), shade)
    star = [
        (600 + r * math.sin(a), 192 - r * math.cos(a))
        for a, r in ((math.pi * i / 5, 20 if i % 2 == 0 else 8) for i in range(10))
    ]
    s.poly(star, RED)
    s.rect(540, 400, 120, 38, "#d6cbb5")
    s.rect(534, 394, 132, 8, edge)
    s.rect(534, 432, 132, 8, edge)
    for i in range(24):
        t = i / 23
        y = 436 + t * 214
        half = 46 + t * 88
        s.rect(600 - half, y, 2 * half, 10, "#efe7d6" if i % 2 else "#d3c8b2")
    for side in (-1, 1):
        s.poly(
            (
                (600 + side * 46, 436),
                (600 + side * 58, 436),
                (600 + side * 156, 660),
                (600 + side * 134, 660),
            ),
            "#c2b69d",
        )
    s.rect(0, 648, WIDTH, 40, "#cfc3aa")
    for i in range(9):
        a = math.pi * (0.5 + (i - 4) * 0.16)
        s.circle(600 + 20 * math.cos(a), 424 - 14 * math.sin(a), 5, "#7f8c68")
    for x, colour in ((588, "#f4efe3"), (600, "#d9b56a"), (612, "#f4efe3"), (594, "#f4efe3"),
                      (606, "#d9b56a")):  # fmt: skip
        s.circle(x, 412 + (x % 4), 5, colour)
    for x, y, k in ((556, 634, 1.2), (596, 638, 1.25), (638, 635, 1.2)):
        person(s, x, y, k, "#3a3530")
    for x, h in ((60, 190), (140, 150), (1062, 152), (1146, 196)):
        pine(s, x, 650, h, "#42534a")
    birds(s, ((400, 180, 14), (440, 164, 11), (366, 164, 9)), INK)
    return s


def draw_haizi() -> Scene:
    """A felt tent glowing in the night, small clothes drying beside it."""
    x: float
    k: float
    s = Scene()
    sky(s, ("#2a3744", "#32414e", "#3d4d59", "#4c5b63", "#66706f", "#86877a"), 420, 20)
    rng = random.Random(77)
    for _ in range(90):
        x, y = rng.uniform(30, 1170), rng.uniform(30, 330)
        s.circle(x, y, rng.choice((1.2, 1.5, 2, 2.6)), "#efe3c4", rng.choice((0.6, 0.85, 1)))
    s.path("M246,92A58,58 0 1 0 318,166A48,48 0 0 1 246,92Z", "#f3e2b3")
    ridge(s, 61, 392, 26, "#45535a", 130)
    ridge(s, 72, 424, 18, "#3a474c", 110)
    s.path("M-20,462C240,440 520,450 760,444C960,440 1100,450 1240,460V690H-20Z", "#34413f")
    s.path("M-20,540C240,510 520,530 760,524C960,520 1100,536 1240,548V690H-20Z", "#2c3836")
    for x, y, w in ((150, 456, 62), (226, 450, 48)):
        yurt(s, x, y, w, "#6f7673", "#5a6361", "#f0c46a", "#3a4446")
    s.oval(640, 574, 330, 60, "#f0c46a", 0.1)
    s.oval(640, 574, 220, 40, "#f0c46a", 0.12)
    s.path("M580,566L700,566L860,690H420Z", "#f0c46a", 0.32)
    s.path("M604,566L676,566L760,690H520Z", "#f7dc9a", 0.4)
    yurt(s, 640, 566, 400, "#d8cfba", "#aaa491", "#f7d88c", "#4c5a5e")
    for k in range(15):
        x = 452 + k * 25
        s.line((x, 450), (x + 10, 462), "#9f2a1f", 3)
        s.line((x + 10, 462), (x + 20, 450), "#9f2a1f", 3)
    s.line((444, 468), (836, 468), "#9f2a1f", 3)
    s.stroke("M470,446C540,404 580,366 604,350M810,446C740,404 700,366 676,350M640,446V350",
             "#8f8975", 3)  # fmt: skip
    s.rect(616, 486, 48, 40, "#fbeabb")
    s.line((640, 480), (640, 578), "#c4923f", 3)
    s.circle(632, 540, 3, "#8d5a44")
    smoke(s, 640, 332, 86, "#c9c6b8", 0.5)
    for x in (878, 1130):
        s.line((x, 432), (x, 586), "#1f2726", 7)
    s.stroke("M878,440C950,462 1050,464 1130,440", "#1f2726", 2.6)
    shirt = "M-15,0L-26,10L-20,19L-13,14V40H13V14L20,19L26,10L15,0Q0,9 -15,0Z"
    pants = "M-12,0H12L15,40H3L0,14L-3,40H-15Z"
    sock = "M-6,0H6V18L14,26Q14,31 8,31L-6,26Z"
    for x, k, shape, colour in (
        (912, 1, shirt, "#b8483a"), (960, 1, pants, "#8fabb0"), (1004, 0.9, shirt, "#d9b56a"),
        (1046, 0.7, sock, "#efe6d4"), (1066, 0.7, sock, "#efe6d4"), (1100, 0.85, shirt, "#a9b08a"),
    ):  # fmt: skip
        y = 440 + 20 * (1 - ((x - 1004) / 126) ** 2)
        s.at(x, y, k, shape, colour)
    s.at(330, 596, 1.05, GRAZING, "#1f2726")
    s.at(236, 606, 0.72, GRAZING, "#3a4846", True)
    grass(s, 3, 610, 672, 60, "#43524d")
    return s


def draw_yalujiang() -> Scene:
    """A steel truss bridge over a grey river, a long column crossing in light snow."""
    x: float
    s = Scene()
    sky(s, ("#b4bfc2", "#c1c9c8", "#ced1cb", "#d9d6ca", "#e0d8c6"), 400, 22)
    s.circle(930, 176, 44, "#efe6d2")
    ridge(s, 63, 356, 40, "#a9b3b3", 120)
    ridge(s, 66, 396, 26, "#8c999a", 100)
    for x, h in ((60, 60), (98, 74), (134, 52), (1088, 56), (1124, 74), (1160, 60)):
        pine(s, x, 430, h, "#66767a")
    s.rect(0, 424, WIDTH, 270, "#93a6ab")
    s.rect(0, 500, WIDTH, 190, "#8298a0")
    s.rect(0, 590, WIDTH, 100, "#718a93")
    ripples(s, 31, (0, 440, 1140, 664), 130, "#b4c3c5")
    dark, steel = "#2f383c", "#46535a"
    for x in (110, 400, 690, 980):
        s.poly(((x - 24, 392), (x + 24, 392), (x + 32, 560), (x - 32, 560)), "#6f777a")
        s.poly(((x + 4, 392), (x + 24, 392), (x + 32, 560), (x + 6, 560)), "#5a6366")
        s.rect(x - 30, 384, 60, 10, "#828a8c")
        s.oval(x, 562, 58, 7, "#b4c3c5", 0.8)
        s.path(f"M{x - 32},566H{x + 32}L{x + 26},640H{x - 26}Z", "#5f757d", 0.5)
    spans = ((-180, 110), (110, 400), (400, 690), (690, 980), (980, 1270))
    for x0, x1 in spans:
        step = (x1 - x0) / 6
        crown: list[Point] = [(x0 + 6, 366)]
        for j in range(1, 6):
            crown.append((x0 + j * step, 262 - 26 * (1 - abs(j - 3) / 2)))
        crown.append((x1 - 6, 366))
        for a, b in pairwise(crown):
            s.line(a, b, steel, 9)
        for j in range(1, 6):
            x, y = crown[j]
            s.line((x, y), (x, 366), steel, 5)
            if j < 5:
                nx, ny = crown[j + 1]
                if j < 3:
                    s.line((x, y), (nx, 366), steel, 4)
                else:
                    s.line((x, 366), (nx, ny), steel, 4)
    rng = random.Random(12)
    x = 40.0
    n = 0
    while x < 1180:
        person(s, x, 369, rng.uniform(0.92, 1.06), dark, n % 3 != 2)
        if n in (9, 24, 39):
            flag(s, x + 7, 368, 70, 36, dark)
        x += rng.uniform(20, 27)
        n += 1
    s.rect(-10, 364, WIDTH + 20, 20, dark)
    s.rect(-10, 364, WIDTH + 20, 4, "#6b787e")
    for x0, x1 in spans:
        for j in range(1, 6):
            s.line((x0 + j * (x1 - x0) / 6, 330), (x0 + j * (x1 - x0) / 6, 366), steel, 5)
    s.path("M-20,690V628C160,590 300,640 460,690Z", "#e8e6de")
    s.path("M1240,690V610C1080,600 960,640 860,690Z", "#e8e6de")
    s.path("M1240,690V640C1120,630 1040,660 980,690Z", "#d3d6d2")
    for x, h in ((60, 170), (150, 120), (1130, 180), (1056, 124)):
        pine(s, x, 662, h, "#3c4a4c")
    for _ in range(120):
        s.circle(
            rng.uniform(26, 1174), rng.uniform(30, 640), rng.choice((1.8, 2.4, 3.2)), "#f8f6f0", 0.9
        )
    return s


def draw_maixin() -> Scene:
    """Five lines of music turning into steppe hills, with notes and a white pagoda."""
    y: float
    w: float
    s = Scene()
    sky(s, ("#33424d", "#435560", "#5d6d73", "#80898a", "#b0a690", "#d6b98c"), 400, 25)
    rng = random.Random(4)
    for _ in range(46):
        s.circle(
            rng.uniform(30, 1170),
            rng.uniform(30, 200),
            rng.choice((1.3, 1.8, 2.4)),
            "#efe3c4",
            0.85,
        )
    s.circle(1010, 322, 74, "#c9573f")
    ridge(s, 71, 366, 22, "#8a7f6c", 130)
    tones = ("#7a7a5c", "#6b7055", "#5d664e", "#4f5a47", "#414d40")
    for i in range(5):
        y = 398 + i * 52
        pts = [
            (x, y + (26 + i * 3) * math.sin(x / 196 + i * 0.55) + 10 * math.sin(x / 83 + i))
            for x in range(-60, 1321, 60)
        ]
        s.path(f"{smooth(pts)}L1320,690L-60,690Z", tones[i])
    s.path("M560,690C720,570 920,470 1240,500V690Z", "#5d664e")
    stave: list[list[Point]] = []
    for i in range(5):
        staff: list[Point] = []
        for x in range(-60, 1321, 40):
            t = max(0.0, min(1.0, (x + 60) / 900))
            gap = 25 * (1 - t) + 52 * t
            base = 120 + 278 * (t * t * (3 - 2 * t))
            y = base + i * gap
            wave = (26 + i * 3) * math.sin(x / 196 + i * 0.55) + 10 * math.sin(x / 83 + i)
            y += wave * t + 22 * math.sin(x / 150) * (1 - t)
            staff.append((x, y))
        stave.append(staff)
        s.stroke(smooth(staff), "#ecd9ab", 3)
    notes = ((150, 2, True), (262, 1, True), (374, 3, False), (470, 0, True), (580, 2, True),
             (688, 3, True), (800, 1, False))  # fmt: skip
    for x, row, up in notes:
        y = height_at(stave[row], x)
        s.add(f'<ellipse transform="translate({x},{fmt(y)}) rotate(-24)" rx="19" ry="13.5" '
              f'fill="#f4e6c4"/>')  # fmt: skip
        side = 1 if up else -1
        s.line((x + side * 16, y - side * 4), (x + side * 16, y - side * 84), "#f4e6c4", 4.5)
        if x in (374, 800):
            s.path(f"M{x - 18},{fmt(y + 84)}q26,-10 26,-42q-8,18 -26,20Z", "#f4e6c4")
    rows = {x: row for x, row, _ in notes}
    for a, b in ((150, 262), (580, 688)):
        ya = height_at(stave[rows[a]], a) - 84
        yb = height_at(stave[rows[b]], b) - 84
        s.poly(((a + 14, ya), (b + 18, yb), (b + 18, yb + 15), (a + 14, ya + 15)), "#f4e6c4")
    y = height_at(stave[0], 470)
    s.path(f"M484,{fmt(y - 86)}q6,20 22,28q12,10 4,32q0,-18 -12,-22q-10,-4 -14,-12Z", "#f4e6c4")
    white, shade = "#f6f0e2", "#cfc8b8"
    px, py = 1010, 470
    s.rect(px - 82, py - 6, 164, 26, shade)
    s.rect(px - 68, py - 30, 136, 26, white)
    s.rect(px + 30, py - 30, 38, 26, shade)
    for k in range(3):
        w = 112 - k * 12
        s.rect(px - w / 2, py - 42 - k * 10, w, 11, (white, "#e6dfce", white)[k])
        s.rect(px + w * 0.22, py - 42 - k * 10, w * 0.28, 11, shade)
    s.path(
        f"M{px - 34},{py - 62}C{px - 66},{py - 100} {px - 58},{py - 138} {px - 30},{py - 140}"
        f"H{px + 30}C{px + 58},{py - 138} {px + 66},{py - 100} {px + 34},{py - 62}Z",
        white,
    )
    s.path(
        f"M{px + 8},{py - 62}C{px + 30},{py - 96} {px + 26},{py - 134} {px + 12},{py - 140}"
        f"H{px + 30}C{px + 58},{py - 138} {px + 66},{py - 100} {px + 34},{py - 62}Z",
        shade,
    )
    s.path(f"M{px - 12},{py - 74}v-26a12,14 0 0 1 24,0v26Z", "#9f2a1f")
    s.rect(px - 20, py - 154, 40, 15, white)
    s.poly(
        ((px - 15, py - 154), (px - 6, py - 232), (px + 6, py - 232), (px + 15, py - 154)), white
    )
    for j in range(7):
        yy = py - 160 - j * 10.6
        w = 28 - j * 2.3
        s.line((px - w / 2, yy), (px + w / 2, yy), shade, 2.4)
    s.path(f"M{px - 26},{py - 230}Q{px},{py - 250} {px + 26},{py - 230}Z", GOLD)
    s.rect(px - 3, py - 262, 6, 20, GOLD)
    s.circle(px, py - 264, 6, GOLD)
    for x, h in ((880, 90), (924, 70), (1100, 76), (1146, 100)):
        s.oval(x, py + 14 - h * 0.5, h * 0.3, h * 0.52, "#46543f")
        s.rect(x - 3, py, 6, 30, "#3a3029")
    grass(s, 6, 600, 672, 60, "#5b6750")
    return s


def draw_tuopin() -> Scene:
    """A new road climbing past terraces to a village in the morning mist."""
    s = Scene()
    sky(s, ("#dde5e3", "#e7e7dc", "#efe5d0", "#f2dfc0", "#f0d0a6"), 320, 28)
    s.circle(860, 176, 56, "#c9573f")
    ridge(s, 81, 226, 60, "#c3cdc6", 100)
    ridge(s, 88, 292, 50, "#a5b5a8", 90)
    clouds(s, ((80, 286, 300), (520, 308, 260), (960, 276, 240)), "#f3eee2")
    ridge(s, 95, 372, 30, "#839680", 90)
    slope = [(-40, 470), (160, 440), (340, 396), (520, 362), (700, 352), (880, 372), (1060, 412),
             (1260, 452)]  # fmt: skip
    s.path(f"{smooth(slope)}L1260,690L-40,690Z", "#76895f")
    greens = ("#a9b57c", "#8fa268", "#bdb876", "#7f945e", "#aab274", "#8a9c64", "#c2b86f")
    for i in range(7):
        y = 420 + i * 38
        pts = [(x, y + 20 * math.sin(x / 170 + i * 0.8) + 10 * math.sin(x / 71 + i * 1.7)
                + 40 * ((x - 640) / 640) ** 2) for x in range(-60, 1321, 60)]  # fmt: skip
        s.path(f"{smooth(pts)}L1320,700L-60,700Z", greens[i])
        s.stroke(smooth(pts), "#5f7350", 3, 0.75)
        s.stroke(smooth([(x, yy + 12) for x, yy in pts]), "#eef0dd", 1.6, 0.5)
    left = [(420, 700), (720, 654), (886, 606), (700, 566), (512, 532), (660, 500), (798, 470),
            (716, 441), (652, 414), (722, 384)]  # fmt: skip
    grass(s, 14, 640, 672, 34, "#66794f")
    track = curve_points(left, 14)
    for colour, wide in (("#5f7350", 1.0), ("#efe6d2", 0.76)):
        for k, (start, end) in enumerate(pairwise(track)):
            s.line(start, end, colour, (58 - 50 * k / len(track)) * wide)
    for x, y, w in ((742, 386, 56), (806, 392, 62), (876, 400, 56), (700, 372, 44), (770, 362, 46),
                    (940, 412, 60)):  # fmt: skip
        house(s, x, y, w, "#f8f3e8", "#5b6462", "#d9a14a")
    for x, y, w in ((130, 534, 82), (226, 522, 92), (60, 514, 70)):
        house(s, x, y, w, "#f8f3e8", "#5b6462", "#d9a14a")
    smoke(s, 836, 364, 46, "#f8f3e8", 0.9)
    smoke(s, 276, 476, 52, "#f8f3e8", 0.9)
    for x, y, h in ((690, 388, 46), (1010, 420, 60), (1040, 430, 48), (40, 534, 70), (336, 528, 74),
                    (1120, 560, 110), (1070, 566, 84), (980, 600, 80)):  # fmt: skip
        tree(s, x, y, h, "#4f6349", "#7f9468")
    person(s, 470, 628, 1.4, "#3a3029", True)
    person(s, 506, 632, 1.25, "#3a3029")
    birds(s, ((330, 150, 14), (374, 134, 11), (296, 134, 9)), INK)
    return s


def draw_default_cover() -> Scene:
    """A quiet cover: low hills, a thin sun and an open page of land."""
    s = Scene(900, 500, "#f3ead9")
    sky(s, ("#f6f0e3", "#f4ecdc", "#f2e6d2", "#f0dfc6"), 330, 2)
    s.circle(450, 236, 62, RED)
    ridge(s, 7, 290, 22, "#d9d6c6", 90)
    ridge(s, 13, 322, 18, "#c0c5b3", 80)
    ridge(s, 21, 362, 16, "#a3ad97", 80)
    s.path("M-20,420C150,384 320,384 450,424C580,384 750,384 920,420V520H-20Z", "#faf6ee")
    s.path("M450,424C580,384 750,384 920,420V520H450Z", "#f1e9da")
    s.line((450, 424), (450, 500), "#d8cdb8", 2)
    for i in range(3):
        y = 446 + i * 20
        s.stroke(f"M60,{y - 6}C170,{y - 30} 320,{y - 30} 420,{y - 4}", "#d8cdb8", 2)
        s.stroke(f"M840,{y - 6}C730,{y - 30} 580,{y - 30} 480,{y - 4}", "#d8cdb8", 2)
    birds(s, ((620, 150, 12), (654, 136, 9), (592, 138, 8)), INK)
    return s


# --- output ----------------------------------------------------------------------------------

DRAWINGS: dict[str, Callable[[], Scene]] = {
    "nanhu": draw_nanhu,
    "zunyi": draw_zunyi,
    "changzheng": draw_changzheng,
    "lugouqiao": draw_lugouqiao,
    "yanan": draw_yanan,
    "jinggangshan": draw_jinggangshan,
    "caoyuan_spring": draw_spring,
    "hongqiqu": draw_hongqiqu,
    "wulanmuqi": draw_wulanmuqi,
    "baogang": draw_baogang,
    "xiaogang": draw_xiaogang,
    "tiananmen": draw_tiananmen,
    "paotaishan": draw_paotaishan,
    "haizi": draw_haizi,
    "yalujiang": draw_yalujiang,
    "maixin": draw_maixin,
    "tuopin": draw_tuopin,
    "default_cover": draw_default_cover,
}


def flat_palette(picture: Image.Image, wanted: int) -> Image.Image:
    """A palette of the most frequent colours, none too close to another, the reds always in."""
    counts = Counter(zip(*[iter(picture.tobytes())] * 3, strict=True))
    ranked = [c for c, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    chosen: list[tuple[int, ...]] = [(159, 42, 31)]
    for colour in ranked:
        if len(chosen) >= wanted:
            break
        if all(sum(abs(a - b) for a, b in zip(colour, c, strict=True)) > 9 for c in chosen):
            chosen.append(colour)
    flat = [value for colour in chosen for value in colour]
    palette = Image.new("P", (1, 1))
    palette.putpalette(flat + flat[:3] * (256 - len(chosen)))
    return palette


def render(svg: Path, png: Path, size: tuple[int, int]) -> None:
    """Photograph an SVG with headless Chromium and store it as a palette PNG."""
    with tempfile.TemporaryDirectory() as name:
        shot = Path(name) / "shot.png"
        command = [os.environ.get("CHROMIUM", "chromium"), "--headless", "--no-sandbox"]
        command += ["--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"]
        command += ["--disable-background-networking", "--disable-component-update"]
        command += ["--disable-sync", f"--user-data-dir={name}/profile"]
        command += [f"--window-size={size[0]},{size[1] + 200}", f"--screenshot={shot}"]
        subprocess.run([*command, svg.as_uri()], check=True, timeout=90, capture_output=True)
        with Image.open(shot) as image:
            picture = image.convert("RGB").crop((0, 0, *size))
        for colours in (128, 64, 40):
            small = picture.quantize(palette=flat_palette(picture, colours), dither=Dither.NONE)
            small.save(png, optimize=True)
            if png.stat().st_size <= MAX_BYTES:
                break


def main() -> int:
    """Write every SVG and, unless told otherwise, every PNG."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="pictures to draw (all when empty)")
    parser.add_argument("--svg-only", action="store_true", help="do not render PNG files")
    options = parser.parse_args()
    PICTURES.mkdir(exist_ok=True)
    for name in options.names or DRAWINGS:
        scene = DRAWINGS[name]()
        svg = PICTURES / f"{name}.svg"
        svg.write_text(scene.svg(), encoding="utf-8")
        if options.svg_only:
            continue
        png = PICTURES / f"{name}.png"
        render(svg, png, (scene.width, scene.height))
        print(f"{png.name} {png.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
