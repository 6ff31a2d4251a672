"""Chinese lines: none begins with a sign that closes, none ends with one that opens."""

import re
from collections.abc import Callable, Iterator

CLOSING = "，。；：！？、…—”’」』）》〉】〕％‰·～,.;:!?)]}%"
OPENING = "“‘「『（《〈【〔([{"
Measure = Callable[[str], float]
# Figures and Latin words are not parted; signs stay with what they belong to, and so do spaces.
_OPEN, _CLOSE = f"[{re.escape(OPENING)}]", f"[{re.escape(CLOSING)}]"
_TOKEN = rf"(?:[A-Za-z0-9]+(?:[.,:][0-9]+)*|[^\s{re.escape(CLOSING + OPENING)}])"
_CLUSTER = re.compile(
    rf"(?:{_OPEN}\s*)*{_TOKEN}(?:\s*{_CLOSE}+)*\s*|\s*(?:{_OPEN}|\s*{_CLOSE})+\s*|\s+"
)


def wrapped(text: str, width: float, measure: Measure) -> list[str]:
    """The lines of a text; a line break in it is kept, empty lines are not."""
    parts = (part.strip() for part in text.splitlines())
    return [line for part in parts if part for line in _lines(part, width, measure)]


def _lines(text: str, width: float, measure: Measure) -> Iterator[str]:
    line = ""
    for cluster in _clusters(text, width, measure):
        if line and measure(line + cluster.rstrip()) > width:
            yield line.rstrip()
            line = cluster.lstrip()
        else:
            line += cluster
    if line.strip():
        yield line.rstrip()


def _clusters(text: str, width: float, measure: Measure) -> Iterator[str]:
    """One that is longer than a line (a web address) is parted after all."""
    for cluster in _CLUSTER.findall(text):
        while measure(cluster) > width and len(cluster) > 1:
            sizes = range(1, len(cluster))
            end = max((n for n in sizes if measure(cluster[:n]) <= width), default=1)
            yield cluster[:end]
            cluster = cluster[end:]
        yield cluster
