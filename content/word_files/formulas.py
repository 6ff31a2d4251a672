"""A formula on one line: what stands in the sentence until somebody uploads a picture of it."""

from collections.abc import Callable

from content.word_files.packages import M, Node, local

Child = Callable[[str], str]


def linear(node: Node, depth: int = 0) -> str:
    """``x^(2)`` and the like; words and order stay."""
    if local(node) == "m:t":
        return str(node.text or "")
    if depth > 100:
        return "".join(node.itertext(f"{M}t"))

    def child(name: str) -> str:
        found = node.find(f"{M}{name}")
        return "" if found is None else linear(found, depth + 1)

    drawn = _FORMS.get(local(node))
    if drawn:
        return drawn(child)
    inner = "".join(linear(one, depth + 1) for one in node)
    return f"({inner})" if local(node) == "m:d" else inner


def _grouped(text: str) -> str:
    return text if len(text) < 2 or text.isdecimal() else f"({text})"


_FORMS: dict[str, Callable[[Child], str]] = {
    "m:f": lambda child: f"{_grouped(child('num'))}/{_grouped(child('den'))}",
    "m:sSup": lambda child: f"{child('e')}^{_grouped(child('sup'))}",
    "m:sSub": lambda child: f"{child('e')}_{_grouped(child('sub'))}",
    "m:sSubSup": lambda child: f"{child('e')}_{_grouped(child('sub'))}^{_grouped(child('sup'))}",
    "m:rad": lambda child: f"{child('deg')}√{_grouped(child('e'))}",
}
