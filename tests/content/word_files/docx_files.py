"""Files of Word by hand: each maker writes the same thing in its own way."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

NAMESPACES = (
    " ".join(
        f'xmlns:{prefix}="http://schemas.{place}"'
        for prefix, place in {
            "w": "openxmlformats.org/wordprocessingml/2006/main",
            "r": "openxmlformats.org/officeDocument/2006/relationships",
            "m": "openxmlformats.org/officeDocument/2006/math",
            "mc": "openxmlformats.org/markup-compatibility/2006",
            "wp": "openxmlformats.org/drawingml/2006/wordprocessingDrawing",
            "a": "openxmlformats.org/drawingml/2006/main",
            "pic": "openxmlformats.org/drawingml/2006/picture",
            "c": "openxmlformats.org/drawingml/2006/chart",
            "wps": "microsoft.com/office/word/2010/wordprocessingShape",
        }.items()
    )
    + ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="png" ContentType="image/png"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>'
)

NUMBERING = "".join(
    f'<w:abstractNum w:abstractNumId="{key}">'
    + "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level in range(4)
    )
    + f'</w:abstractNum><w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>'
    for key, form, text in (
        ("1", "bullet", "●"),
        ("2", "chineseCounting", "%1、"),
        ("3", "decimal", "%1."),
    )
)


def run(text: str, props: str = "") -> str:
    return f'<w:r><w:rPr>{props}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def para(content: str, style: str = "", props: str = "", look: str = "") -> str:
    """A paragraph of plain words, or of runs that are given as they are."""
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = content if content.startswith("<") else run(content, look)
    return f"<w:p><w:pPr>{style}{props}</w:pPr>{inner}</w:p>"


def cell(*paragraphs: str, props: str = "") -> str:
    inner = "".join(one if one.startswith("<") else para(one) for one in paragraphs)
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{inner or '<w:p/>'}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def style(key: str, name: str, more: str = "", *, kind: str = "paragraph") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{name}"/>{more}</w:style>'


def drawing(key: str) -> str:
    return (
        "<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill>"
        f'<a:blip r:embed="{key}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def a_png(colour: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def relationships(entries: dict[str, tuple[str, str]], *, outside: bool = False) -> str:
    """``entries``: kind and target by id."""
    mode = ' TargetMode="External"' if outside else ""
    return "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
        for key, (kind, target) in entries.items()
    )


def docx(
    body: str,
    *,
    styles: str = "",
    numbering: str = "",
    parts: dict[str, str | bytes] | None = None,
    links: dict[str, str] | None = None,
    pictures: dict[str, bytes] | None = None,
    more: str = "",
    types: str = TYPES,
) -> bytes:
    """``parts`` are written as they are; ``footnotes`` and the like are named in the relations."""
    parts = dict(parts or {})
    named = {"styles": styles, "numbering": numbering}
    for kind, inner in named.items():
        parts[f"word/{kind}.xml"] = f"<w:{kind} {NAMESPACES}>{inner}</w:{kind}>"
    kinds = [name.removeprefix("word/").removesuffix(".xml") for name in parts if "/" in name]
    relations = relationships(
        {f"rel-{kind}": (kind.rstrip("0123456789"), f"{kind}.xml") for kind in kinds}
    )
    relations += relationships(
        {key: ("hyperlink", target) for key, target in (links or {}).items()}, outside=True
    )
    media = {f"word/media/{key}.png": data for key, data in (pictures or {}).items()}
    relations += relationships({key: ("image", f"media/{key}.png") for key in pictures or {}})
    document = f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relations(relationships({"r1": ("officeDocument", "word/document.xml")})),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _relations(relations + more),
        **parts,
        **media,
    }
    return zipped(whole)


def part(kind: str, inner: str) -> str:
    return f"<w:{kind} {NAMESPACES}>{inner}</w:{kind}>"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def _relations(inner: str) -> str:
    return f'<Relationships xmlns="{RELATIONS}">{inner}</Relationships>'
