"""Traditional and variant characters, by OpenCC's tables."""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from content.proofs.values import HAN, Hit, Text

if TYPE_CHECKING:
    from opencc import OpenCC

_RUN = re.compile(rf"[{HAN}]{{1,2000}}")


def traditional_characters(text: Text) -> Iterator[Hit]:
    """瀋陽; 乾隆 and 瞭望 are right as they are."""
    simple = _simplified(text.text)
    if simple is not None:
        yield from _differing(text.text, simple, 0)
        return
    for match in _RUN.finditer(text.text):
        if (simple := _simplified(match.group())) is not None:
            yield from _differing(match.group(), simple, match.start())


def _simplified(text: str) -> str | None:
    """None where the length changes and places are not known any more."""
    simple: str = _converter().convert(text.encode(errors="replace").decode())
    return simple if len(simple) == len(text) else None


def _differing(text: str, simple: str, offset: int) -> Iterator[Hit]:
    if text.encode(errors="replace").decode() == simple:
        return
    start = None
    for place, (old, new) in enumerate(zip(text + "\n", simple + "\n", strict=True)):
        differs = old != new and re.match(rf"[{HAN}]", old) is not None
        if differs and start is None:
            start = place
        elif not differs and start is not None:
            yield Hit(offset + start, offset + place, simple[start:place])
            start = None


@cache
def _converter() -> "OpenCC":
    """Its tables are read once a process, where a lesson is proof-read."""
    from opencc import OpenCC

    return OpenCC("t2s")
