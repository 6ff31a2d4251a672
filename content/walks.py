"""The route of a heritage site (参观路线) as a line of stops: no map, nobody's place is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from content.exhibits import Exhibit

STEP = 84  # user units from one stop to the next; the drawing scales with its column
TOP = 24
MOST_SIGNS = 14  # of a name; the list beside it says it whole


@dataclass(frozen=True)
class DrawnStop:
    """One stop, and the way to it: ``before`` is where the line begins, ``middle`` where its words
    stand."""

    number: int
    name: str
    stay: str
    kind: str
    way: str
    y: int

    @property
    def before(self) -> int:
        return self.y - STEP

    @property
    def middle(self) -> int:
        return self.y - STEP // 2 + 8


def drawn_stops(exhibits: Sequence[Exhibit]) -> list[DrawnStop]:
    return [_drawn(number, one) for number, one in enumerate(exhibits, start=1)]


def _drawn(number: int, one: Exhibit) -> DrawnStop:
    leg = one.leg
    words = "，".join(filter(None, (leg.far, leg.way, "可以坐" if leg.rest else "")))
    stay = f"看 {one.minutes} 分钟" if one.minutes else ""
    name = one.name if len(one.name) <= MOST_SIGNS else f"{one.name[: MOST_SIGNS - 1]}…"
    return DrawnStop(number, name, stay, leg.kind, words, TOP + STEP * number)


def draw_walk(exhibits: Sequence[Exhibit]) -> SafeString:
    """The drawing as inline SVG, coloured by the page's own style sheet; the way with steps is a
    broken line, one that nobody has checked is dotted, and both say so in words."""
    stops = drawn_stops(exhibits)
    context = {"stops": stops, "top": TOP, "height": TOP + STEP * len(stops) + 36}
    return render_to_string("components/walk_drawing.html", context)
