"""From a lesson's fields to the texts that are proof-read. Reads the value of a body, no database.

Left out: sources, addresses, accepted answers and headings that a question cites. They are written
as somebody else wrote them.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Any

from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock as CellsBlock

from content.proofs.values import Text
from content.proofs.whole import Link, Material, Picture
from studyhub.core.characters import clean

LEFT_OUT_BLOCKS = frozenset({"sources"})
LEFT_OUT_FIELDS = frozenset(
    {"source", "image_source", "reference", "accepted", "section", "licence", "bank", "code"}
    | {"holder"}
)
_END = re.compile(r"</(?:p|li|h[1-6])>|<br\s*/?>|<hr\s*/?>")
_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(r"<a\b([^<>]*)>(.{0,200}?)</a>", re.DOTALL)
_PAGE = re.compile(r'linktype="page"')
_NUMBER = re.compile(r'\bid="(\d{1,18})"')
Named = Iterator[tuple[str, str]]


def material_of(
    title: str, summary: str, body: Iterable[Any], open_pages: Callable[[set[int]], set[int]]
) -> Material:
    """``open_pages`` says which of these page numbers a reader can open."""
    children = list(body)
    texts = [Text("", "page", "title", clean(title)), Text("", "page", "summary", clean(summary))]
    texts += [text for child in children for text in _texts_of(child)]
    pictures = tuple(picture for child in children for picture in _pictures(child))
    return Material(tuple(filter(_says, texts)), pictures, _links(children, open_pages))


def _says(text: Text) -> bool:
    return bool(text.text.strip())


def _texts_of(child: Any) -> Iterator[Text]:
    if child.block_type not in LEFT_OUT_BLOCKS:
        for field, words in _fields(child.block, child.value, ""):
            yield Text(str(child.id or ""), child.block_type, field, words)


def _fields(block: Any, value: Any, way: str) -> Named:
    """The way to each field of words, and the words."""
    if value is None:
        return
    for kind, read in _READ.items():
        if isinstance(block, kind):
            yield from read(block, value, way)
            return


def _struct(block: Any, value: Any, way: str) -> Named:
    for name, child in block.child_blocks.items():
        if name not in LEFT_OUT_FIELDS:
            yield from _fields(child, value.get(name), f"{way}/{name}" if way else name)


def _list(block: Any, value: Any, way: str) -> Named:
    for number, item in enumerate(value):
        yield from _fields(block.child_block, item, f"{way}/{number}")


def _cells(block: Any, value: Any, way: str) -> Named:
    yield f"{way}/caption", clean(str(value.get("table_caption") or ""))
    for row, cells in enumerate(value.get("data") or []):
        for column, cell in enumerate(cells):
            yield f"{way}/{row}/{column}", clean(str(cell or ""))


def _rich(block: Any, value: Any, way: str) -> Named:
    yield way, plain(value.source)


def _words(block: Any, value: Any, way: str) -> Named:
    yield way, clean(str(value)).replace("\r\n", "\n")


_READ: dict[type, Callable[[Any, Any, str], Named]] = {
    blocks.StructBlock: _struct,
    blocks.ListBlock: _list,
    CellsBlock: _cells,
    blocks.RichTextBlock: _rich,
    blocks.CharBlock: _words,
    blocks.TextBlock: _words,
}


def plain(html: str) -> str:
    """The words of rich text, a line for each paragraph and entry, as the editor counts them."""
    return clean(unescape(_TAG.sub("", _END.sub("\n", html)))).rstrip("\n")


def _pictures(child: Any) -> Iterator[Picture]:
    value, unit = child.value, str(child.id or "")
    if child.block_type == "picture":
        yield Picture(unit, value.get("alt") or "", value.get("source") or "")
    asked = value.get("questions") or () if child.block_type == "self_check" else ()
    for number, one in enumerate(asked, start=1):
        if one.get("image"):
            told = (one.get("image_alt") or "", one.get("image_source") or "")
            yield Picture(unit, *told, clean(one.get("stem") or ""), f"第 {number} 题的图片：")


def _links(children: list[Any], open_pages: Callable[[set[int]], set[int]]) -> tuple[Link, ...]:
    found = [link for child in children for link in _page_links(child)]
    known = open_pages({number for *_, number in found}) if found else set()
    return tuple(Link(unit, words, number in known) for unit, words, number in found)


def _page_links(child: Any) -> Iterator[tuple[str, str, int]]:
    text = child.value.get("text") if child.block_type == "section" else None
    for marks, words in _LINK.findall(text.source if text else ""):
        number = _NUMBER.search(marks)
        if number and _PAGE.search(marks):
            yield str(child.id or ""), plain(words), int(number.group(1))
