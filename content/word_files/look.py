"""How words look once styles are counted in: bold, hidden, larger than the rest."""

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from content.word_files.packages import Node, W, is_on, number, value
from content.word_files.styles import Styles

ENOUGH = 2_000  # paragraphs, to know how the body looks
USUAL_SIZE = 21  # half points: 五号, where a file says nothing


@dataclass(frozen=True)
class RunLook:
    bold: bool
    hidden: bool
    size: int
    font: str


class Look:
    """Of one document; ``body`` is how most of its characters look."""

    def __init__(self, styles: Styles, root: Node) -> None:
        self._styles = styles
        self._of_styles: dict[str, RunLook] = {}
        self._base = self._read(styles.defaults, RunLook(False, False, USUAL_SIZE, ""))
        self.body = self._usual(root)

    def of_run(self, run: Node, paragraph_style: str) -> RunLook:
        look = self.of_style(paragraph_style, self._base)
        props = run.find(f"{W}rPr")
        if props is None:
            return look
        if style := value(props.find(f"{W}rStyle")):
            look = self.of_style(style, look)
        return self._read(props, look)

    def of_style(self, style: str, look: RunLook) -> RunLook:
        key = f"{style}|{look}"
        if key not in self._of_styles:
            found = look
            for one in reversed(self._styles.chain(style)):
                found = self._read(one.node.find(f"{W}rPr"), found)
            self._of_styles[key] = found
        return self._of_styles[key]

    def stands_out(self, paragraph: Node, style: str) -> bool:
        """Bold, larger or in another font than the body, from the first word to the last."""
        looks = [
            self.of_run(run, style)
            for run in paragraph.iter(f"{W}r")
            if any((text.text or "").strip() for text in run.iterfind(f"{W}t"))
        ]
        return bool(looks) and all(map(self._is_prominent, looks))

    def _is_prominent(self, look: RunLook) -> bool:
        other = bool(look.font) and bool(self.body.font) and look.font != self.body.font
        return look.bold or look.size > self.body.size or other

    def _read(self, props: Node | None, look: RunLook) -> RunLook:
        if props is None:
            return look
        bold, hidden = props.find(f"{W}b"), props.find(f"{W}vanish")
        fonts = props.find(f"{W}rFonts")
        return RunLook(
            look.bold if bold is None else is_on(bold),
            look.hidden if hidden is None else is_on(hidden),
            number(value(props.find(f"{W}sz")), look.size),
            value(fonts, "eastAsia") or look.font,
        )

    def _usual(self, root: Node) -> RunLook:
        seen: Counter[RunLook] = Counter()
        paragraphs = root.iterfind(f"{W}body/{W}p")
        for paragraph in islice(paragraphs, ENOUGH):
            style = value(paragraph.find(f"{W}pPr/{W}pStyle")) or self._styles.default
            for run in paragraph.iterfind(f"{W}r"):
                length = sum(len(text.text or "") for text in run.iterfind(f"{W}t"))
                seen[self.of_run(run, style)] += length
        return seen.most_common(1)[0][0] if seen else self._base
