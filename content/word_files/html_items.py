"""HTML, cleaned, as items: what the converter makes of a file, and what a clipboard holds.

Only words, lists, tables, links to the web and the place of pictures are read; nothing that could
run in a browser is looked at, whatever it is called.
"""

import re
from dataclasses import dataclass, replace
from typing import Any

from lxml import html as lxml_html

from content.elements import Run
from content.word_files.grids import Grids
from content.word_files.items import NOTE, Item, Line, Missing, Notes, Picture
from content.word_files.losses import Losses
from content.word_files.packages import names
from studyhub.core.characters import clean

_BLOCKS = names(
    "p div section article header footer main h1 h2 h3 h4 h5 h6 li blockquote figure figcaption "
    "center dl dt dd pre caption ul ol"
)
_INLINE = names("a b strong br img sup sub span font i em u s")
_TABLE = names("table thead tbody tfoot tr td th")
SILENT = names("script style template title xml svg math iframe object noscript head audio video")
_ROLES = {
    **{role: role for role in ("title", "quote", "caption", "prominent")},
    "MsoTitle": "title",
    "MsoQuote": "quote",
    "MsoCaption": "caption",
}
_NOTE_MARK = re.compile(r"#(?:note-)?_?((?:footnote|endnote|ftn|edn)-?\d+)")
_BACK = re.compile(r"#(?:note-)?_?(?:footnote|endnote|ftn|edn)-?ref-?\d+")
_NOTE = re.compile(r"(?:note-)?_?((?:footnote|endnote|ftn|edn)-?\d+)")
_LEVEL = re.compile(r"heading-([1-9])|h([1-6])")
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)", re.IGNORECASE)
_LIST = re.compile(r"mso-list\s*:[^;]*level(\d)", re.IGNORECASE)
_LABEL = re.compile(r"mso-list\s*:\s*ignore", re.IGNORECASE)
_OUTLINE = re.compile(r"mso-outline-level\s*:\s*([1-9])", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_WRAPPED = re.compile("(?<=[\u2e80-\u9fff\uff00-\uffef])[\r\n]+(?=[\u2e80-\u9fff\uff00-\uffef])")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_BADGE = re.compile(r"\d{1,2}")


def clean_html(html: str) -> str:
    """Well-formed, with nothing but the marks that are read here."""
    import nh3

    return nh3.clean(
        html,
        tags=set(_BLOCKS | _INLINE | _TABLE),
        clean_content_tags=set(SILENT),
        attributes={
            "*": {"class", "style", "id"},
            "a": {"href"},
            "img": {"src"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan"},
        },
        filter_style_properties={"font-weight", "mso-list", "mso-outline-level"},
        url_schemes={"http", "https", "picture"},
        link_rel=None,
    )


@dataclass(frozen=True)
class Around:
    """What the elements around some words say about them."""

    bold: bool = False
    href: str = ""
    level: int = 0
    role: str = ""
    depth: int = 0
    ordered: bool = False


class ItemReader:
    def __init__(self, losses: Losses, *, is_pasted: bool = False, is_inner: bool = False) -> None:
        self.losses = losses
        self.items: list[Item] = []
        self.notes = Notes()
        self._is_pasted = is_pasted
        self._is_inner = is_inner  # in a cell or a note
        self._runs: list[Run] = []
        self._around = Around()
        self._pictures: list[Item] = []

    def read(self, html: str) -> None:
        """``html`` as ``clean_html`` gives it."""
        root = lxml_html.fragment_fromstring(f"<div>{html}</div>")
        self._inside(root, Around())
        self.end_line()

    def _inside(self, node: Any, around: Around) -> None:
        self._put(str(node.text or ""), around)
        for child in node:
            self._element(child, around)
            self._put(str(child.tail or ""), around)

    def _element(self, node: Any, around: Around) -> None:
        tag = node.tag
        if (key := self._note_key(node)) is not None:
            self._read_note(node, key)
        elif tag == "br":
            self._runs.append(Run("\n", around.bold, around.href))
        elif tag == "img":
            self._image(str(node.get("src") or ""))
        elif tag == "a":
            self._link(node, around)
        elif tag == "table":
            self.end_line()
            self._table(node, around)
        elif str(node.get("class") or "").startswith("gap-") and not self._is_pasted:
            self._gap(node)
        else:
            self._marked(node, tag, around)

    def _marked(self, node: Any, tag: str, around: Around) -> None:
        style = str(node.get("style") or "")
        if _LABEL.search(style):
            self._label(node)
            return
        inner = replace(around, bold=around.bold or tag in ("b", "strong") or _is_bold(style))
        if tag not in _BLOCKS and tag not in _TABLE:
            self._inside(node, inner)
            return
        self.end_line()
        self._inside(node, _in_block(node, tag, style, inner))
        self.end_line()

    def _label(self, node: Any) -> None:
        """What Word's clipboard writes before an entry of a list."""
        self.losses.drop("列表的编号或圆点（改成列表）", node.text_content())

    def _image(self, src: str) -> None:
        scheme, _, number = src.partition(":")
        if scheme == "picture" and number.isdecimal():
            self._pictures.append(Picture(int(number)))
        elif self._is_pasted:
            self._pictures.append(Missing("linked"))

    def _link(self, node: Any, around: Around) -> None:
        href = str(node.get("href") or "")
        if _BACK.fullmatch(href):
            if self._is_pasted:
                self.losses.drop("注释的标记（换成“注1”）", node.text_content())
        elif found := _NOTE_MARK.fullmatch(href):
            if self._is_pasted:
                self.losses.drop("注释的标记（换成“注1”）", node.text_content())
            self._mark(found[1], around)
        else:
            href = href if _WEB.match(href) else ""
            self._inside(node, replace(around, href=href or around.href))

    def _mark(self, key: str, around: Around) -> None:
        number = self.notes.number(key)
        self.notes.counts[number] += 1
        if not any(run.text.strip() for run in self._runs):
            self._around = around
        self._runs.append(Run(self.losses.add(f"[注{number}]"), href=f"{NOTE}{number}"))

    def _note_key(self, node: Any) -> str | None:
        found = _NOTE.fullmatch(str(node.get("id") or "")) if node.tag in ("li", "div") else None
        return found[1] if found else None

    def _read_note(self, node: Any, key: str) -> None:
        self.end_line()
        text = self._text_inside(node)
        if self._is_pasted:
            self.notes.put(key, text)
        else:  # the converter writes a note once for each of its marks
            self.notes.texts[key] = text

    def _text_inside(self, node: Any) -> str:
        """As plain lines; what is no text is left out."""
        reader = ItemReader(self.losses, is_pasted=self._is_pasted, is_inner=True)
        reader.notes = self.notes
        reader._inside(node, Around())
        reader.end_line()
        lines = (item.text for item in reader.items if isinstance(item, Line))
        return "\n".join(lines).strip()

    def _gap(self, node: Any) -> None:
        kind = str(node.get("class")).removeprefix("gap-")
        words = node.text_content().strip()
        self.end_line()
        self.items.append(Missing(kind, "" if words == kind else words))

    def _table(self, node: Any, around: Around) -> None:
        found = Grids(self._text_inside, self.losses).read(node)
        if found is None:
            self._inside(node, around)
            self.end_line()
        else:
            self.items += found

    def _put(self, text: str, around: Around) -> None:
        text = _SPACES.sub(" ", _WRAPPED.sub("", clean(text)))
        if not text:
            return
        if not any(run.text.strip() for run in self._runs):
            self._around = around
        self._runs.append(Run(text, around.bold, around.href))

    def end_line(self) -> None:
        """What was gathered is a line; pictures that stood in it follow."""
        runs, self._runs = trimmed(self._runs), []
        pictures, self._pictures = self._pictures, []
        around, self._around = self._around, Around()
        if runs:
            self._add(Line(runs, around.level, around.role, around.depth, around.ordered))
        self.items += pictures

    def _add(self, line: Line) -> None:
        if self._is_pasted and not self._is_inner and _BADGE.fullmatch(line.text):
            self.losses.drop("标题旁的数字编号", line.text)
            return
        self.items.append(line)


def _is_bold(style: str) -> bool:
    return bool(_BOLD.search(style))


def _in_block(node: Any, tag: str, style: str, around: Around) -> Around:
    if tag in ("ul", "ol"):
        return replace(around, depth=around.depth + 1, ordered=tag == "ol")
    name = str(node.get("class") or "")
    if tag == "blockquote":
        return replace(around, role="quote")
    if found := _LEVEL.fullmatch(name) or _LEVEL.fullmatch(tag) or _OUTLINE.search(style):
        level = next(group for group in found.groups() if group)
        return replace(around, level=int(level), bold=False)
    if listed := _LIST.search(style):
        return replace(around, depth=int(listed[1]), ordered=_has_number(node))
    return replace(around, role=_ROLES[name]) if name in _ROLES else around


def _has_number(node: Any) -> bool:
    labels = (one for one in node.iter("span") if _LABEL.search(str(one.get("style") or "")))
    return any(re.match(r"\s*\d", one.text_content()) for one in labels)


def trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """Like runs joined, without white space at the ends and beside line breaks."""
    joined: list[Run] = []
    for run in runs:
        before = joined[-1] if joined else None
        text = run.text.lstrip() if before is None and run.text != "\n" else run.text
        if not text or (before is None and text == "\n"):
            continue
        if before and (before.bold, before.href) == (run.bold, run.href):
            joined[-1] = replace(before, text=before.text + text)
        else:
            joined.append(replace(run, text=text))
    while joined and not joined[-1].text.strip():
        joined.pop()
    if joined:
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(joined)
