"""What stands in a paragraph: runs, fields, links, notes, drawings, formulas, changes."""

import re
from collections.abc import Callable

from content.word_files.drawings import FORMULA, LINKED, Found, alternatives, read_drawing
from content.word_files.file_text import text_of, whole_text
from content.word_files.formulas import linear
from content.word_files.lines import Line
from content.word_files.look import Look
from content.word_files.losses import Losses, size
from content.word_files.packages import Node, Package, R, W, local, names, value
from content.word_files.refusals import Refused

DEEPEST = 100
_HYPERLINK = re.compile(r'HYPERLINK\s+"([^"]*)"', re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_SILENT = names(
    "pPr rPr sectPr bookmarkStart bookmarkEnd proofErr permStart permEnd commentRangeStart "
    "commentRangeEnd commentReference annotationRef footnoteRef endnoteRef separator "
    "continuationSeparator lastRenderedPageBreak softHyphen moveFromRangeStart moveFromRangeEnd "
    "moveToRangeStart moveToRangeEnd sdtPr sdtEndPr rubyPr ffData smartTagPr customXmlPr"
)
DELETED, MOVED, HIDDEN = "修订中删去的文字", "修订中移走的文字", "隐藏文字"
READING, CONTENTS, COPY = "注音", "目录", "同一段文字的备用副本"


class Inlines:
    """Writes the words of paragraphs into lines; fields may reach over several of them."""

    def __init__(self, package: Package, part: str, look: Look, losses: Losses) -> None:
        self._relationships = package.relationships(part)
        self._package = package
        self._look = look
        self._losses = losses
        self._fields: list[str] = []
        self._bold = False
        self.links: dict[str, str] = {}  # address: relationship
        self.pictures: dict[str, str] = {}  # part: relationship
        self.style = ""  # of the paragraph
        self._handlers: dict[str, Callable[[Node, Line, int], None]] = {
            "r": self._run,
            "t": self._text,
            "sym": self._text,
            "noBreakHyphen": self._text,
            "tab": lambda node, line, depth: line.write(" ", bold=self._bold),
            "ptab": lambda node, line, depth: line.write(" ", bold=self._bold),
            "br": self._break,
            "cr": self._break,
            "del": lambda node, line, depth: line.lose(DELETED, whole_text(node)),
            "delText": lambda node, line, depth: line.lose(DELETED, text_of(node)),
            "moveFrom": lambda node, line, depth: line.lose(MOVED, whole_text(node)),
            "ruby": self._ruby,
            "fldChar": self._field,
            "instrText": self._instruction,
            "fldSimple": self._simple_field,
            "hyperlink": self._link,
            "footnoteReference": self._note,
            "endnoteReference": self._note,
            "drawing": self._drawing,
            "pict": self._drawing,
            "object": self._drawing,
            "AlternateContent": self._alternatives,
            "m:oMath": self._formula,
        }

    def write(self, node: Node, line: Line, depth: int = 0) -> None:
        """All children of a paragraph or of what stands in one."""
        if depth > DEEPEST:
            raise Refused("too_complex")
        for child in node:
            name = local(child)
            if name in _SILENT:
                continue
            self._one(name, child, line, depth)

    def _one(self, name: str, node: Node, line: Line, depth: int) -> None:
        self._count_changes(name)
        before = line.reason
        if self._in_contents:
            line.reason = CONTENTS
        handler = self._handlers.get(name)
        if handler:
            handler(node, line, depth + 1)
        else:
            self.write(node, line, depth + 1)
        line.reason = before

    def _count_changes(self, name: str) -> None:
        if name in ("ins", "del", "moveFrom", "moveTo"):
            self._losses.change("修订（插入的留下，删去的不要）")

    @property
    def _in_contents(self) -> bool:
        return any(one.strip().upper().startswith("TOC") for one in self._fields)

    def _run(self, node: Node, line: Line, depth: int) -> None:
        look = self._look.of_run(node, self.style)
        self._count_looks(node)
        before, bold = line.reason, self._bold
        self._bold = look.bold
        if look.hidden:
            line.reason = HIDDEN
        self.write(node, line, depth)
        line.reason, self._bold = before, bold

    def _count_looks(self, node: Node) -> None:
        props = node.find(f"{W}rPr")
        for name, what in _LOOKS.items() if props is not None else ():
            found = props.find(W + name)
            if found is not None and value(found) not in ("0", "false", "none", "auto", "000000"):
                self._losses.change(what)

    def _text(self, node: Node, line: Line, depth: int) -> None:
        line.write(text_of(node), bold=self._bold)

    def _break(self, node: Node, line: Line, depth: int) -> None:
        if value(node, "type") not in ("page", "column"):
            line.break_line()

    def _ruby(self, node: Node, line: Line, depth: int) -> None:
        base, reading = node.find(f"{W}rubyBase"), node.find(f"{W}rt")
        if base is not None:
            self.write(base, line, depth)
        if reading is not None:
            line.lose(READING, whole_text(reading))

    def _field(self, node: Node, line: Line, depth: int) -> None:
        kind = value(node, "fldCharType")
        if kind == "begin":
            self._fields.append("")
        elif kind == "separate" and self._fields:
            if found := _HYPERLINK.search(self._fields[-1]):
                self._open_link(found[1], line)
        elif kind == "end" and self._fields and _HYPERLINK.search(self._fields.pop()):
            line.close_link()

    def _instruction(self, node: Node, line: Line, depth: int) -> None:
        if self._fields:
            self._fields[-1] += str(node.text or "")

    def _simple_field(self, node: Node, line: Line, depth: int) -> None:
        fields, before = list(self._fields), line.reason
        self._fields.append(value(node, "instr"))
        if self._in_contents:
            line.reason = CONTENTS
        self.write(node, line, depth)
        line.reason, self._fields = before, fields

    def _link(self, node: Node, line: Line, depth: int) -> None:
        _, target, outside = self._relationships.get(str(node.get(f"{R}id")), ("", "", False))
        self._open_link(target if outside else "", line)
        self.write(node, line, depth)
        line.close_link()

    def _open_link(self, target: str, line: Line) -> None:
        if not target:
            return
        if not _WEB.match(target.strip()):
            self._losses.change("不是网页的链接，留下文字，去掉地址")
            return
        key = self.links.setdefault(target.strip(), f"link{len(self.links)}")
        line.open_link(key)

    def _note(self, node: Node, line: Line, depth: int) -> None:
        line.note(local(node), value(node, "id"))

    def _alternatives(self, node: Node, line: Line, depth: int) -> None:
        chosen, others = alternatives(node)
        for one in chosen:
            self._one(local(one), one, line, depth)
        for other in others:
            line.lose(COPY, whole_text(other))

    def _drawing(self, node: Node, line: Line, depth: int) -> None:
        for found in read_drawing(node):
            if found.kind == "unused":
                line.lose(COPY, found.what)
            elif found.kind == "box" and line.reason:
                line.lose(line.reason, whole_text(found.node))
            elif found.kind == "picture":
                self._picture(found.what, line)
            elif not line.reason:
                line.after.append(found)

    def _picture(self, key: str, line: Line) -> None:
        kind, place, outside = self._relationships.get(key, ("", "", True))
        if line.reason:
            return
        if outside or kind != "image":
            line.after.append(Found(LINKED))
            return
        line.picture(self.pictures.setdefault(place, f"picture{len(self.pictures)}"))

    def _formula(self, node: Node, line: Line, depth: int) -> None:
        text = linear(node)
        whole = whole_text(node)
        if line.reason or size(text) < size(whole):
            line.lose("公式", whole)
            return
        self._losses.added += size(text) - size(whole)
        line.write(text, bold=False)
        line.after.append(Found(FORMULA, text))


_LOOKS = {
    "i": "斜体",
    "color": "字的颜色",
    "em": "着重号",
    "u": "下划线",
    "highlight": "突出显示的底色",
    "strike": "删除线（字留下，线去掉）",
}
