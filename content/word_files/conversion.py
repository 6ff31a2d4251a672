"""From the bytes of a .docx to HTML and its losses. Runs in the child process; no Django here."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import mammoth
from lxml import etree

from content.word_files.cleanup import Cleanup
from content.word_files.converted import Converted
from content.word_files.drawings import CHART, DIAGRAM, FORMULA, LINKED, OBJECT, WORD_ART
from content.word_files.file_text import texts, whole_text
from content.word_files.inlines import Inlines
from content.word_files.lines import make
from content.word_files.look import Look
from content.word_files.losses import Losses
from content.word_files.numbering import Numbering
from content.word_files.packages import Node, Package, W, value
from content.word_files.refusals import Refused
from content.word_files.styles import Styles

MOST_PICTURES = 60
GAPS = (CHART, DIAGRAM, FORMULA, LINKED, OBJECT, WORD_ART, "table", "part")
ROLES = ("title", "quote", "caption", "prominent", *(f"heading-{n}" for n in range(1, 10)),
         *(f"gap-{kind}" for kind in GAPS))  # fmt: skip
STYLE_MAP = "\n".join(
    f"p[style-name='{role}'] => p.{role}:fresh" for role in ROLES
) + "\nr[style-name='Strong'] =>\n"  # fmt: skip
_HREF = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_NOTES = {"footnotes": "footnote", "endnotes": "endnote"}
_ASIDE = {"header": "页眉", "footer": "页脚", "comments": "批注"}


def convert(data: bytes) -> Converted:
    """Raises Refused, and whatever a damaged file makes the libraries raise."""
    with ZipFile(BytesIO(data)) as file:
        return _Conversion(Package(file)).convert()


class _Conversion:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._losses = Losses()
        self._text: list[str] = []
        self._parts: dict[str, bytes] = {}
        self._types: list[str] = []

    def convert(self) -> Converted:
        root = self._package.xml(self._package.main)
        body = None if root is None else root.find(f"{W}body")
        if body is None:
            raise Refused("incomplete")
        self._text += texts(root)
        styles = Styles(self._named("styles"))
        look = Look(styles, root)
        cleanup = self._cleanup(styles, look, self._package.main)
        document = make("document")
        content = make("body", document)
        content.extend([*cleanup[0].blocks(body), *cleanup[0].rest()])
        self._look_at_notes(styles, look, content)
        self._look_aside()
        made = self._document(document, cleanup[1])
        pictures: list[bytes] = []
        return Converted(
            _html(made, pictures),
            "".join(self._text),
            pictures,
            self._losses,
            self._maker(),
            self._property("docProps/core.xml", "title"),
        )

    def _cleanup(self, styles: Styles, look: Look, part: str) -> tuple[Cleanup, Inlines]:
        inlines = Inlines(self._package, part, look, self._losses)
        numbering = Numbering(self._named("numbering"))
        return Cleanup(styles, numbering, look, inlines, self._losses), inlines

    def _named(self, kind: str) -> Node | None:
        found = self._package.named(kind)
        return self._package.xml(found[0]) if found else None

    def _look_at_notes(self, styles: Styles, look: Look, content: Node) -> None:
        for part, name in _NOTES.items():
            used = {value(one, "id") for one in content.iter(f"{W}{name}Reference")}
            root = self._named(part)
            made = make(part)
            cleanup, inlines = self._cleanup(styles, look, self._part_of(part))
            for note in [] if root is None else root.iterfind(f"{W}{name}"):
                self._one_note(note, name, used, made, cleanup)
            self._drop_dangling(content, name, made)
            if len(made):
                _flatten(made)
                self._parts[f"word/{part}.xml"] = etree.tostring(made)
            if inlines.pictures:
                self._losses.warn("注释里有图片，没有导入，请对照原文补上。")

    def _part_of(self, kind: str) -> str:
        found = self._package.named(kind)
        return found[0] if found else ""

    def _one_note(
        self, note: Node, name: str, used: set[str], made: Node, cleanup: Cleanup
    ) -> None:
        if value(note, "type") not in ("", "normal"):
            self._text += texts(note)
            self._losses.drop("注释的分隔线", whole_text(note))
            return
        self._text += texts(note)
        if value(note, "id") not in used:
            self._losses.drop("没有引用的注释", whole_text(note))
            return
        target = make(name, made, id=value(note, "id"))
        target.extend(cleanup.blocks(note, plain=True))

    def _drop_dangling(self, content: Node, name: str, made: Node) -> None:
        """A mark whose note is not there."""
        known = {value(one, "id") for one in made}
        for mark in list(content.iter(f"{W}{name}Reference")):
            if value(mark, "id") not in known:
                self._losses.warn("有的注释标记找不到它的注释，标记去掉了。")
                mark.getparent().remove(mark)

    def _look_aside(self) -> None:
        for kind, reason in _ASIDE.items():
            for part in dict.fromkeys(self._package.named(kind)):
                root = self._package.xml(part)
                if root is not None:
                    self._text += texts(root)
                    self._losses.drop(reason, whole_text(root))

    def _document(self, document: Node, inlines: Inlines) -> bytes:
        relations = _Relations()
        for address, key in inlines.links.items():
            relations.add(key, "hyperlink", address, outside=True)
        if len(inlines.pictures) > MOST_PICTURES:
            raise Refused("too_many_pictures", most=MOST_PICTURES)
        for place, key in inlines.pictures.items():
            self._parts[f"word/media/{key}.bin"] = self._package.picture(place) or b"\0"
            relations.add(key, "image", f"media/{key}.bin")
        self._parts["word/document.xml"] = etree.tostring(document)
        self._parts["word/styles.xml"] = _styles()
        self._parts["word/numbering.xml"] = _numbering()
        for kind in ("styles", "numbering", *_NOTES):
            relations.add(kind, kind, f"{kind}.xml")
        self._parts["word/_rels/document.xml.rels"] = relations.written()
        return _zipped(self._parts)

    def _maker(self) -> str:
        name = self._property("docProps/app.xml", "Application")
        version = self._property("docProps/app.xml", "AppVersion")
        return f"{name} {version}".strip()

    def _property(self, part: str, name: str) -> str:
        try:
            root = self._package.xml(part)
        except Refused:
            return ""
        found = None if root is None else root.find(f"{{*}}{name}")
        return "" if found is None else str(found.text or "").strip()[:120]


class _Relations:
    def __init__(self) -> None:
        self._root = etree.Element(f"{{{_PACKAGE}/relationships}}Relationships")

    def add(self, key: str, kind: str, target: str, *, outside: bool = False) -> None:
        one = etree.SubElement(self._root, f"{{{_PACKAGE}/relationships}}Relationship")
        one.set("Id", key)
        one.set("Type", f"{_HREF}/{kind}")
        one.set("Target", target)
        if outside:
            one.set("TargetMode", "External")

    def written(self) -> bytes:
        return bytes(etree.tostring(self._root))


def _flatten(notes: Node) -> None:
    """A note is words only."""
    for drawing in list(notes.iter(f"{W}drawing")):
        drawing.getparent().remove(drawing)


def _styles() -> bytes:
    root = make("styles")
    for role in ROLES:
        style = make("style", root, type="paragraph", styleId=role)
        make("name", style, val=role)
    return bytes(etree.tostring(root))


def _numbering() -> bytes:
    root = make("numbering")
    for key, form in (("1", "decimal"), ("2", "bullet")):
        abstract = make("abstractNum", root, abstractNumId=key)
        for level in range(9):
            make("numFmt", make("lvl", abstract, ilvl=str(level)), val=form)
    for key in ("1", "2"):
        make("abstractNumId", make("num", root, numId=key), val=key)
    return bytes(etree.tostring(root))


def _zipped(parts: dict[str, bytes]) -> bytes:
    relations = _Relations()
    relations.add("main", "officeDocument", "word/document.xml")
    types = etree.Element(f"{{{_PACKAGE}/content-types}}Types")
    for ending, kind in (("rels", f"{_PACKAGE}"), ("xml", "application/xml"), ("bin", "image/png")):
        default = etree.SubElement(types, f"{{{_PACKAGE}/content-types}}Default")
        default.set("Extension", ending)
        default.set("ContentType", kind)
    whole = {
        "[Content_Types].xml": bytes(etree.tostring(types)),
        "_rels/.rels": relations.written(),
        **parts,
    }
    out = BytesIO()
    with ZipFile(out, "w") as file:
        for name, data in whole.items():
            file.writestr(name, data)
    return out.getvalue()


def _html(package: bytes, pictures: list[bytes]) -> str:
    """Pictures stay outside: the HTML names them by their place in the list."""

    def keep(image: Any) -> dict[str, str]:
        with image.open() as file:
            pictures.append(file.read())
        return {"src": f"picture:{len(pictures) - 1}"}

    result = mammoth.convert_to_html(
        BytesIO(package),
        style_map=STYLE_MAP,
        convert_image=mammoth.images.img_element(keep),
        id_prefix="note-",
        include_embedded_style_map=False,
        external_file_access=False,
    )
    return str(result.value)
