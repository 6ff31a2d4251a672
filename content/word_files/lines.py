"""A paragraph while it is written anew: only what the converter understands."""

from typing import Any

from lxml import etree

from content.word_files.packages import Node, R, W

SPACE = "{http://www.w3.org/XML/1998/namespace}space"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"


def make(name: str, parent: Node | None = None, **attributes: str) -> Node:
    """An element of Word's own names."""
    node = etree.Element(W + name) if parent is None else etree.SubElement(parent, W + name)
    for key, text in attributes.items():
        node.set(W + key, text)
    return node


class Line:
    """``after`` is what has to stand behind the paragraph: text boxes and gaps."""

    def __init__(self, near: str) -> None:
        self.near = near
        self.node = make("p")
        self.after: list[Any] = []
        self.lost: dict[str, list[str]] = {}
        self.reason = ""  # why all that comes is dropped
        self.has_words = self.has_pictures = False
        self._place = self.node
        self._run: tuple[bool, Node, Node] | None = None  # bold, run, text

    def lose(self, reason: str, text: str) -> None:
        if text.strip():
            self.lost.setdefault(self.reason or reason, []).append(text)

    def write(self, text: str, *, bold: bool) -> None:
        if self.reason:
            self.lose(self.reason, text)
            return
        self.has_words = self.has_words or bool(text.strip())
        if self._run is None or self._run[0] != bold:
            self._run = bold, *self._open_run(bold)
        self._run[2].text = (self._run[2].text or "") + text

    def break_line(self) -> None:
        if not self.reason:
            make("br", make("r", self._place))
            self._run = None

    def picture(self, relationship: str) -> None:
        self.has_pictures = True
        self._run = None
        drawing = make("drawing", make("r", self._place))
        inline = etree.SubElement(drawing, f"{{{WP}}}inline")
        data = etree.SubElement(etree.SubElement(inline, f"{{{A}}}graphic"), f"{{{A}}}graphicData")
        fill = etree.SubElement(etree.SubElement(data, f"{{{PIC}}}pic"), f"{{{PIC}}}blipFill")
        etree.SubElement(fill, f"{{{A}}}blip").set(f"{R}embed", relationship)

    def note(self, kind: str, key: str) -> None:
        if not self.reason:
            self._run = None
            self.has_words = True
            make(kind, make("r", self._place), id=key)

    def open_link(self, relationship: str) -> None:
        self._run = None
        self._place = etree.SubElement(self.node, f"{W}hyperlink")
        self._place.set(f"{R}id", relationship)

    def close_link(self) -> None:
        self._run, self._place = None, self.node

    def begin_with(self, text: str) -> None:
        """Words before all others."""
        run = make("r")
        node = make("t", run)
        node.text = text
        node.set(SPACE, "preserve")
        self.node.insert(0, run)

    def take_over(self, before: "Line") -> None:
        """What stood in a paragraph of its own (a drop cap) begins this one."""
        for place, child in enumerate(list(before.node)):
            self.node.insert(place, child)
        self.has_words = self.has_words or before.has_words

    @property
    def text(self) -> str:
        return "".join(self.node.itertext(f"{W}t"))

    def _open_run(self, bold: bool) -> tuple[Node, Node]:
        run = make("r", self._place)
        if bold:
            make("b", make("rPr", run))
        text = make("t", run)
        text.set(SPACE, "preserve")
        return run, text


def join_breaks(node: Node) -> None:
    """Line breaks of a heading are spaces."""
    for found in list(node.iter(f"{W}br")):
        run = found.getparent()
        run.remove(found)
        text = make("t", run)
        text.text = " "
        text.set(SPACE, "preserve")


def without_bold(node: Node) -> None:
    for found in list(node.iter(f"{W}rPr")):
        found.getparent().remove(found)
