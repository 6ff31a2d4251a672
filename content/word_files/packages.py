"""The parts of a .docx that are read: those that its relationships name, parsed without entities.

A part is found by its name alone and nothing is ever written where a name says, so a hostile path
does nothing.
"""

from posixpath import join, normpath
from typing import Any
from zipfile import ZipFile

from lxml import etree

from content.word_files.door import MOST_OF_A_PART
from content.word_files.refusals import Refused

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# What "strict" files write instead.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": M[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/drawingml/": b"http://schemas.openxmlformats.org/drawingml/2006/",
}
MOST_OF_A_PICTURE = 10 * 2**20
_DOCTYPES = [mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY")
             for code in ("utf-8", "utf-16-le", "utf-16-be")]  # fmt: skip

Node = Any  # lxml's elements


class Package:
    def __init__(self, file: ZipFile) -> None:
        self._file = file
        self._names = {name.lower(): name for name in file.namelist()}
        found = [to for kind, to, _ in self.relationships("").values() if kind == "officeDocument"]
        self.main = found[0] if found else "word/document.xml"

    def has(self, name: str) -> bool:
        return name.lower() in self._names

    def xml(self, name: str) -> Node | None:
        """The root of a part; None where there is none. Raises Refused."""
        return parse(self._read(name, MOST_OF_A_PART)) if self.has(name) else None

    def picture(self, name: str) -> bytes | None:
        """None for what is not there or too large."""
        data = self._read(name, MOST_OF_A_PICTURE) if self.has(name) else b""
        return data if 0 < len(data) <= MOST_OF_A_PICTURE else None

    def relationships(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """Of a part by id: kind, name of the part or address outside, whether it is outside."""
        folder, _, name = part.rpartition("/")
        root = self.xml(join(folder, "_rels", f"{name}.rels"))
        found = {}
        for one in [] if root is None else root.iter("{*}Relationship"):
            outside = one.get("TargetMode") == "External"
            target = str(one.get("Target", ""))
            kind = str(one.get("Type", "")).rpartition("/")[2]
            place = target if outside else normpath(join("/", folder, target)).lstrip("/")
            found[str(one.get("Id"))] = (kind, place, outside)
        return found

    def named(self, kind: str) -> list[str]:
        """The parts of this kind that belong to the document."""
        every = self.relationships(self.main).values()
        return [place for one, place, outside in every if one == kind and not outside]

    def _read(self, name: str, most: int) -> bytes:
        with self._file.open(self._names[name.lower()]) as part:
            data = part.read(most + 1)
        if len(data) > most and most == MOST_OF_A_PART:
            raise Refused("too_large", what="文字和表格太多")
        return data


def parse(data: bytes) -> Node:
    """Raises Refused for a document type, however it is encoded, and for what is no XML."""
    if any(mark in data for mark in _DOCTYPES):
        raise Refused("entities")
    for strict, usual in _STRICT.items():
        data = data.replace(strict, usual)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        deep = "depth" in str(error) or "huge" in str(error).lower()
        raise Refused("too_complex" if deep else "incomplete") from error
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise Refused("entities")
    return root


def value(node: Node | None, name: str = "val") -> str:
    """An attribute of Word's; empty where there is none."""
    return "" if node is None else str(node.get(W + name, ""))


def is_on(node: Node | None) -> bool:
    """A switch: there, and not turned off."""
    return node is not None and value(node) not in ("0", "false", "off", "none")


def number(text: str, otherwise: int = 0) -> int:
    """Files say whatever they like where a number should stand."""
    try:
        return int(text)
    except ValueError:
        return otherwise


def names(text: str) -> frozenset[str]:
    """Names that are written one beside the other."""
    return frozenset(text.split())


def local(node: Node) -> str:
    """The name without its namespace; ``m:`` before those of formulas."""
    tag = str(node.tag)
    name = tag.rpartition("}")[2]
    return f"m:{name}" if tag.startswith(M) else name
