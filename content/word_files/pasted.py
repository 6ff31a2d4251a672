"""A whole text from the clipboard: of Word, WPS, a WeChat article or anything that has HTML.

Nothing that it points to is ever fetched: a picture comes along as a file, or is a gap.
"""

import re
from html import escape, unescape
from html.parser import HTMLParser

from content.word_files.converted import Converted
from content.word_files.html_items import SILENT, clean_html
from content.word_files.refusals import Refused
from studyhub.core.errors import Invalid

MOST_BYTES = 2 * 2**20
MOST_ELEMENTS = 5_000
DEEPEST = 60
_ELEMENT = re.compile("<[a-zA-Z]")


def convert_paste(html: str, pictures: list[bytes]) -> Converted:
    """``pictures`` are those that the HTML names as ``picture:0`` and so on. Raises Invalid."""
    try:
        return _converted(html, pictures)
    except Refused as refused:
        raise Invalid(f"word_{refused.code}", refused.sentence) from refused


def _converted(html: str, pictures: list[bytes]) -> Converted:
    if not html.strip():
        raise Refused("nothing_pasted")
    if len(html.encode("utf-8", "replace")) > MOST_BYTES:
        raise Refused("paste_too_large", what=f"超过 {MOST_BYTES // 2**20} MB")
    if len(_ELEMENT.findall(html)) > MOST_ELEMENTS:
        raise Refused("paste_too_large", what="文字和格式太多")
    if not _ELEMENT.search(html):
        html = "".join(f"<p>{escape(line)}</p>" for line in html.splitlines())
    cleaned = clean_html(html)
    if _depth(cleaned) > DEEPEST:
        raise Refused("paste_too_large", what="一层套一层太深")
    return Converted(cleaned, _text(html), pictures, is_pasted=True)


def _text(html: str) -> str:
    """All words, read apart from the blocks that are made of them."""
    import nh3

    return unescape(nh3.clean(html, tags=set(), clean_content_tags=set(SILENT)))


def _depth(html: str) -> int:
    meter = _Meter()
    meter.feed(html)
    meter.close()
    return meter.deepest


class _Meter(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.deepest = self._depth = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("br", "img"):
            self._depth += 1
            self.deepest = max(self.deepest, self._depth)

    def handle_endtag(self, tag: str) -> None:
        self._depth -= 1
