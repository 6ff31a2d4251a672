"""Pictures of an .xlsx: those that lie over a sheet, by the row in which each is anchored, and
those that WPS puts into cells, by the name that a cell calls.

The library reads none of them where it reads row by row, and decodes them all where it does not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import basename, dirname, join, normpath
from typing import Any
from zipfile import ZipFile

from lxml import etree

MOST_BYTES = 5 * 1024**2  # of a part that says where pictures are
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL_IMAGES = "xl/cellimages.xml"
_ANCHORS = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")


@dataclass(frozen=True)
class Drawn:
    """``row`` as people count, 0 where it lies over no cell; ``part`` is its name in the file,
    empty where the file only links to it."""

    row: int
    part: str


@dataclass(frozen=True)
class Drawings:
    over: tuple[Drawn, ...] = ()
    in_cells: Mapping[str, str] = field(default_factory=dict)


NO_DRAWINGS = Drawings()


def drawings_of(parts: ZipFile, sheet: str) -> Drawings:
    """``sheet`` is the name of its part. Raises whatever a broken part makes the parser raise."""
    targets = _relations(parts, sheet)
    over = [
        drawn
        for kind, part in targets.values()
        if kind == "drawing" and part
        for drawn in _over(parts, part)
    ]
    return Drawings(tuple(over), dict(_in_cells(parts)))


def _over(parts: ZipFile, part: str) -> Iterator[Drawn]:
    files = _relations(parts, part)
    for anchor in _root(parts, part):
        if _name(anchor) in _ANCHORS:
            row = _row(anchor)
            for file in dict.fromkeys(_files(anchor, files)):
                yield Drawn(row, file)


def _row(anchor: Any) -> int:
    for start in (one for one in anchor if _name(one) == "from"):
        text = next((one.text or "" for one in start if _name(one) == "row"), "")
        if text.strip().isascii() and text.strip().isdecimal():
            return int(text[:9]) + 1
    return 0


def _files(anchor: Any, files: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """Of the pictures in it; a group holds several."""
    for picture in (one for one in anchor.iter() if _name(one) == "pic"):
        for blip in (one for one in picture.iter() if _name(one) == "blip"):
            yield files.get(blip.get(f"{_RELATION}embed") or "", ("", ""))[1]


def _in_cells(parts: ZipFile) -> Iterator[tuple[str, str]]:
    files = _relations(parts, _CELL_IMAGES)
    for one in _root(parts, _CELL_IMAGES):
        named = [inner.get("name") or "" for inner in one.iter() if _name(inner) == "cNvPr"]
        found = list(_files(one, files))
        if named and found:
            yield named[0], found[0]


def _relations(parts: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """By id the kind and the part; what is outside the file has no part."""
    folder = dirname(part)
    found = {}
    for one in _root(parts, join(folder, "_rels", f"{basename(part)}.rels")):
        inside = one.get("TargetMode") != "External"
        target = normpath(join("/", folder, one.get("Target") or "")).lstrip("/")
        kind = (one.get("Type") or "").rpartition("/")[2]
        found[one.get("Id") or ""] = (kind, target if inside else "")
    return found


def _root(parts: ZipFile, name: str) -> Any:
    """The elements of a part; none where there is no such part."""
    if name not in parts.namelist():
        return ()
    if parts.getinfo(name).file_size > MOST_BYTES:
        raise ValueError("too much is said of pictures")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(parts.read(name), parser)


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def part_bytes(parts: ZipFile, name: str, most: int) -> bytes | None:
    """None where there is no such part, or it is larger."""
    if name not in parts.namelist() or parts.getinfo(name).file_size > most:
        return None
    with parts.open(name) as file:
        return file.read(most)
