"""All characters of a file, read straight from its XML: what the ledger has to account for."""

from collections.abc import Iterator

from content.word_files.packages import M, Node, W, value
from content.word_files.symbols import symbol

HYPHEN = "\u2011"
_TEXTS = (f"{W}t", f"{W}delText", f"{M}t")


def texts(root: Node) -> Iterator[str]:
    """Of body, notes, comments, headers alike; white space stays."""
    for node in root.iter(*_TEXTS, f"{W}sym", f"{W}noBreakHyphen"):
        yield text_of(node)


def text_of(node: Node) -> str:
    if node.tag == f"{W}sym":
        return symbol(value(node, "font"), value(node, "char"))
    return HYPHEN if node.tag == f"{W}noBreakHyphen" else str(node.text or "")


def whole_text(node: Node) -> str:
    return "".join(texts(node))
