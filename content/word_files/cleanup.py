"""The body of a document written anew: only what the converter understands, with headings, lists
and quotations under names of our own. What is left out is noted with its words."""

from typing import Any

from content.word_files.drawings import Found, alternatives
from content.word_files.file_text import whole_text
from content.word_files.inlines import CONTENTS, COPY, DEEPEST, DELETED, MOVED, Inlines
from content.word_files.lines import Line, join_breaks, make, without_bold
from content.word_files.look import Look
from content.word_files.losses import Losses
from content.word_files.numbering import Counted, Numbering
from content.word_files.packages import Node, W, is_on, local, names, number, value
from content.word_files.refusals import Refused
from content.word_files.styles import Styles, outline
from content.word_files.tables import Shape, shape_of

LONGEST_HEADING = 40
SENTENCE_ENDS = tuple("。；：，;:")
INDENT = 200  # twentieths of a point on both sides: a quotation
ORDERED, BULLETS = "1", "2"  # our own numbering
_SILENT = names(
    "sectPr bookmarkStart bookmarkEnd proofErr permStart permEnd commentRangeStart "
    "commentRangeEnd moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd "
    "tcPr tblPr tblGrid trPr sdtPr sdtEndPr"
)


class Cleanup:
    """``plain`` is for cells and notes: no headings, numbers of lists as text."""

    def __init__(
        self, styles: Styles, numbering: Numbering, look: Look, inlines: Inlines, losses: Losses
    ) -> None:
        self._styles = styles
        self._numbering = numbering
        self._look = look
        self._inlines = inlines
        self._losses = losses
        self._drop_cap: Line | None = None
        self._list = ""  # of the paragraph before
        self._list_as_text = False

    def blocks(self, parent: Node, depth: int = 0, *, plain: bool = False) -> list[Node]:
        if depth > DEEPEST:
            raise Refused("too_complex")
        made: list[Node] = []
        for child in parent:
            made += self._block(child, depth + 1, plain)
        return made

    def _block(self, node: Node, depth: int, plain: bool) -> list[Node]:
        name = local(node)
        if name in _SILENT:
            return []
        if name == "p":
            return self._paragraph(node, depth, plain)
        if name == "tbl":
            self._list = ""
            return self._table(node, depth, plain)
        if name in ("del", "moveFrom"):
            self._losses.drop(DELETED if name == "del" else MOVED, whole_text(node))
            return []
        if name == "altChunk":
            return self._gap("part", "", plain)
        return self._container(node, name, depth, plain)

    def _container(self, node: Node, name: str, depth: int, plain: bool) -> list[Node]:
        if name == "sdt" and _is_contents(node):
            self._losses.drop(CONTENTS, _in_lines(node))
            return []
        if name != "AlternateContent":
            return self.blocks(node, depth, plain=plain)
        chosen, others = alternatives(node)
        for other in others:
            self._losses.drop(COPY, whole_text(other))
        return [made for one in chosen for made in self._block(one, depth, plain)]

    def rest(self) -> list[Node]:
        """A drop cap that no paragraph followed."""
        return [self._drop_cap.node] if self._drop_cap is not None else []

    # Paragraphs

    def _paragraph(self, node: Node, depth: int, plain: bool) -> list[Node]:
        props = node.find(f"{W}pPr")
        style = value(None if props is None else props.find(f"{W}pStyle")) or self._styles.default
        kind = self._styles.kind(style)
        counted = self._counted(props, style)
        line = self._written(node, style, CONTENTS if kind == "toc" else "")
        if _is_drop_cap(props) and line.has_words:
            self._drop_cap = line
            return self._behind(line, depth, plain)
        made = []
        if line.has_words or line.has_pictures:
            self._shape(line, node, style, kind, counted, plain)
            made.append(line.node)
        return made + self._behind(line, depth, plain)

    def _written(self, node: Node, style: str, reason: str) -> Line:
        line = Line(whole_text(node).strip())
        line.reason = reason
        if reason:  # on every run, whatever field it stands in
            self._losses.change("目录（按小节另有目录）")
        self._inlines.style = style
        self._inlines.write(node, line)
        for why, texts in line.lost.items():
            self._losses.drop(why, "".join(texts), line.near)
        if self._drop_cap is not None and line.has_words:
            line.take_over(self._drop_cap)
            self._drop_cap = None
            self._losses.change("首字下沉（字接回段落）")
        return line

    def _behind(self, line: Line, depth: int, plain: bool) -> list[Node]:
        made: list[Node] = []
        for found in line.after:
            if found.kind == "box":
                self._losses.change("文本框（文字接在段落后面）")
                made += self.blocks(found.node, depth, plain=plain)
            else:
                made += self._gap_of(found, plain)
        return made

    def _gap_of(self, found: Found, plain: bool) -> list[Node]:
        return self._gap(found.kind, found.what, plain)

    def _gap(self, kind: str, words: str, plain: bool) -> list[Node]:
        """A paragraph that stands for what cannot be shown; its words are none of the file's."""
        self._list = ""
        if plain:
            self._losses.change("表格或注释里放不下的图表、公式、对象")
            self._losses.warn("表格或注释里有图表、公式或对象，没有导入，请对照原文补上。")
            return []
        node = make("p")
        make("pStyle", make("pPr", node), val=f"gap-{kind}")
        make("t", make("r", node)).text = words or kind
        return [node]

    def _counted(self, props: Node | None, style: str) -> tuple[Counted, str, int] | None:
        """The automatic number, the list it counts in, and the level there."""
        own = None if props is None else props.find(f"{W}numPr")
        inherited = self._styles.find(style, "pPr/numPr")
        key = value(None if own is None else own.find(f"{W}numId"))
        key = key or value(None if inherited is None else inherited.find(f"{W}numId"))
        place = own if own is not None and own.find(f"{W}ilvl") is not None else inherited
        level = number(value(None if place is None else place.find(f"{W}ilvl")))
        counted = self._numbering.next(key, level) if key not in ("", "0") else None
        return (counted, key, level) if counted else None

    def _shape(
        self, line: Line, node: Node, style: str, kind: str, counted: Any, plain: bool
    ) -> None:
        """Its style and list, under our own names."""
        props = make("pPr")
        line.node.insert(0, props)
        level = 0 if plain or kind in ("title", "caption") else self._level(line, node, style)
        if level or plain:
            self._list = ""
            self._number_as_text(line, counted)
        else:
            self._put_into_list(line, props, counted)
        role = f"heading-{level}" if level else self._role(line, node, style, kind, plain)
        if level or role == "title":
            join_breaks(line.node)
            without_bold(line.node)
        if role:
            make("pStyle", props, val=role)
            props.insert(0, props[-1])

    def _level(self, line: Line, node: Node, style: str) -> int:
        level = self._styles.heading(style)
        if not level:
            own = node.find(f"{W}pPr/{W}outlineLvl")
            level = outline(own)
        if not level or not line.has_words:
            return 0
        text = line.text.strip()
        if len(text) > LONGEST_HEADING or text.endswith(SENTENCE_ENDS):
            self._losses.change("太长或者像句子的标题（留作正文）")
            return 0
        return level

    def _role(self, line: Line, node: Node, style: str, kind: str, plain: bool) -> str:
        if plain or not line.has_words:
            return ""
        if kind in ("title", "caption", "quote"):
            return kind
        if self._is_indented(node, style):
            return "quote"
        return "prominent" if self._look.stands_out(node, style) else ""

    def _is_indented(self, node: Node, style: str) -> bool:
        own = node.find(f"{W}pPr/{W}ind")
        place = own if own is not None else self._styles.find(style, "pPr/ind")
        left = number(value(place, "left") or value(place, "start"))
        right = number(value(place, "right") or value(place, "end"))
        return left >= INDENT and right >= INDENT

    def _put_into_list(self, line: Line, props: Node, counted: Any) -> None:
        """Our lists begin at one and count in digits; what they cannot say is written out."""
        if counted is None or not line.has_words:
            self._list = "" if line.has_words else self._list
            return
        found, key, level = counted
        if key != self._list:
            self._list_as_text = not found.is_bullet and level == 0 and found.value != 1
        self._list = key
        if not found.is_bullet and (self._list_as_text or not found.is_plain):
            self._number_as_text(line, counted)
            return
        wanted = make("numPr", props)
        make("ilvl", wanted, val=str(level))
        make("numId", wanted, val=BULLETS if found.is_bullet else ORDERED)

    def _number_as_text(self, line: Line, counted: Any) -> None:
        if counted and counted[0].text and line.has_words:
            text = self._losses.add(counted[0].text)
            line.begin_with(f"{text} " if text.endswith((".", ")")) else text)
            self._losses.change("自动编号（写进文字）")

    # Tables

    def _table(self, node: Node, depth: int, plain: bool) -> list[Node]:
        shape = shape_of(node)
        if shape.is_layout or plain:
            return self._unwrapped(node, depth, plain)
        if not shape.fits:
            return self._too_large(node)
        return [self._grid(node, shape, depth)]

    def _unwrapped(self, node: Node, depth: int, plain: bool) -> list[Node]:
        self._losses.change("只用来排版的表格（内容按顺序排）")
        return self.blocks(node, depth, plain=plain)

    def _too_large(self, node: Node) -> list[Node]:
        made = self._gap("table", "", plain=False)
        self._losses.drop("表格太大（超过 8 列或 60 行）", _in_lines(node))
        return made

    def _grid(self, node: Node, shape: Shape, depth: int) -> Node:
        table = make("tbl")
        for row in shape.rows:
            if row.node.find(f"{W}trPr/{W}del") is not None:
                self._losses.drop(DELETED, whole_text(row.node))
                continue
            made = make("tr", table)
            if is_on(row.node.find(f"{W}trPr/{W}tblHeader")):
                make("tblHeader", make("trPr", made))
            for _ in range(row.before):
                make("p", make("tc", made))
            for cell in row.cells:
                self._cell(cell.node, cell.span, made, depth)
        return table

    def _cell(self, node: Node, span: int, row: Node, depth: int) -> None:
        made = make("tc", row)
        props = make("tcPr", made)
        if span > 1:
            make("gridSpan", props, val=str(span))
        merge = node.find(f"{W}tcPr/{W}vMerge")
        content = self.blocks(node, depth, plain=True)
        if merge is not None:
            make("vMerge", props, val=value(merge) or "continue")
        if merge is not None and value(merge) != "restart":
            self._losses.drop("合并单元格盖住的文字", "".join(map(whole_text, content)))
            content = []
        made.extend(content or [make("p")])


def _is_drop_cap(props: Node | None) -> bool:
    frame = None if props is None else props.find(f"{W}framePr")
    return value(frame, "dropCap") not in ("", "none")


def _is_contents(node: Node) -> bool:
    gallery = node.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return value(gallery).lower() == "table of contents"


def _in_lines(node: Node) -> str:
    return "\n".join(filter(None, (whole_text(one) for one in node.iter(f"{W}p"))))
