"""What a style means: its name and what it inherits.

Ids differ from maker to maker and say nothing: heading 1 is ``1`` in Word's Chinese files and ``2``
in those of WPS.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from content.word_files.packages import Node, W, is_on, number, value

_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TOC = re.compile(r"(?:toc|目录)\s*(?:[1-9]|heading|标题)", re.IGNORECASE)
_NAMES = {
    "title": ("title", "标题", "文档标题"),
    "caption": ("caption", "题注"),
    "quote": ("quote", "intense quote", "引文", "引用", "明显引用", "block text", "quotations"),
}
BODY_LEVEL = 9


@dataclass(frozen=True)
class Style:
    """One style as written, without what it inherits."""

    name: str
    base: str
    node: Node


class Styles:
    def __init__(self, root: Node | None) -> None:
        every = [] if root is None else root.iterfind(f"{W}style")
        self._styles = {
            value(one, "styleId"): Style(
                value(one.find(f"{W}name")), value(one.find(f"{W}basedOn")), one
            )
            for one in every
        }
        self._root = root
        self._found: dict[tuple[str, str], Any] = {}

    def chain(self, style: str) -> list[Style]:
        """The style and what it is based on, nearest first; a circle ends."""
        found: list[Style] = []
        seen = set()
        while style in self._styles and style not in seen:
            seen.add(style)
            found.append(self._styles[style])
            style = self._styles[style].base
        return found

    @cached_property
    def default(self) -> str:
        """The style of paragraphs that name none."""
        for key, style in self._styles.items():
            if value(style.node, "type") == "paragraph" and is_on_flag(style.node):
                return key
        return ""

    def find(self, style: str, path: str) -> Node | None:
        """The nearest ``path`` (such as ``rPr/b``) in the chain."""
        key = (style, path)
        if key not in self._found:
            place = "/".join(W + step for step in path.split("/"))
            every = (one.node.find(place) for one in self.chain(style))
            self._found[key] = next((node for node in every if node is not None), None)
        return self._found[key]

    @cached_property
    def defaults(self) -> Node | None:
        place = f"{W}docDefaults/{W}rPrDefault/{W}rPr"
        return None if self._root is None else self._root.find(place)

    def kind(self, style: str) -> str:
        """``title``, ``caption``, ``quote``, ``toc`` or nothing, by the names in the chain."""
        for one in self.chain(style):
            if _TOC.fullmatch(one.name.strip()):
                return "toc"
            for kind, names in _NAMES.items():
                if one.name.strip().lower() in names:
                    return kind
        return ""

    def heading(self, style: str) -> int:
        """1 to 9 by the name, else by the outline level; 0 for a style of body text."""
        for one in self.chain(style):
            if found := _HEADING.fullmatch(one.name.strip()):
                return int(found[1])
        return outline(self.find(style, "pPr/outlineLvl"))


def is_on_flag(node: Node) -> bool:
    return value(node, "default") in ("1", "true", "on")


def outline(node: Node | None) -> int:
    """An outline level as a heading's: 1 to 9, and 0 for body text."""
    level = number(value(node), BODY_LEVEL)
    return level + 1 if 0 <= level < BODY_LEVEL else 0


def switched(node: Node | None, inherited: Node | None) -> bool:
    return is_on(inherited if node is None else node)
