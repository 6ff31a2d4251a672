"""What hangs in a drawing: pictures, text boxes, and what nobody can show without Word."""

from collections.abc import Iterator
from dataclasses import dataclass

from content.word_files.file_text import whole_text
from content.word_files.packages import MC, Node, R, local


@dataclass(frozen=True)
class Found:
    """``kind`` is ``picture`` (``what`` is its relationship), ``box`` (``node``), one of the gaps,
    or ``unused``: a second copy of the same words."""

    kind: str
    what: str = ""
    node: Node = None


CHART, DIAGRAM, OBJECT, WORD_ART = "chart", "diagram", "object", "word_art"
FORMULA, LINKED = "formula", "linked"
_SIMPLE = {"chart": CHART, "relIds": DIAGRAM, "contentPart": OBJECT}


def read_drawing(node: Node) -> Iterator[Found]:
    """In the order in which they stand."""
    name = local(node)
    if name == "AlternateContent":
        yield from _of_alternatives(node)
    elif name == "txbxContent":
        yield Found("box", node=node)
    elif name in ("blip", "imagedata"):
        yield from _blip(node)
    elif name in _SIMPLE:
        yield Found(_SIMPLE[name])
    elif name == "textpath" and node.get("string"):
        yield Found(WORD_ART, str(node.get("string")))
    elif name == "object" and node.find(".//{*}OLEObject") is not None:
        yield Found(OBJECT)
    else:
        for child in node:
            yield from read_drawing(child)


def _of_alternatives(node: Node) -> Iterator[Found]:
    chosen, others = alternatives(node)
    for one in chosen:
        yield from read_drawing(one)
    for other in others:
        yield Found("unused", whole_text(other))


def _blip(node: Node) -> Iterator[Found]:
    if key := node.get(f"{R}embed") or node.get(f"{R}id"):
        yield Found("picture", str(key))
    elif node.get(f"{R}link"):
        yield Found(LINKED)


def alternatives(node: Node) -> tuple[list[Node], list[Node]]:
    """The children of the one that is read, and the others: one and the same thing written for
    several versions of Word."""
    choices = [one for one in node if one.tag in (f"{MC}Choice", f"{MC}Fallback")]
    if not choices:
        return [], []
    # The first that says most; a choice that nobody here can read says nothing.
    best = max(choices, key=_weight)
    return list(best), [one for one in choices if one is not best]


def _weight(node: Node) -> tuple[int, int]:
    shows = sum(1 for one in node.iter("{*}blip", "{*}imagedata", "{*}chart", "{*}relIds"))
    return len("".join(whole_text(node).split())), shows
