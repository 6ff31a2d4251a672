"""What stands in a PDF that typst set in our one font: its words, and what a reader could run."""

import contextlib
import re
import zlib

ACTIONS = re.compile(
    rb"/(?:JavaScript|JS|URI|Launch|OpenAction|AA|SubmitForm|ImportData|GoToR|GoToE|EmbeddedFiles?"
    rb"|RichMedia|Rendition)\b"
)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"\[(.*?)\]\s*TJ|\(((?:\\.|[^\\)])*)\)\s*Tj", re.DOTALL)
_STRING = re.compile(rb"\(((?:\\.|[^\\)])*)\)|<([0-9A-Fa-f]*)>", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def actions_in(pdf: bytes) -> list[bytes]:
    """Names of what would run or be fetched, also within compressed objects."""
    packed = [part for part in _streams(pdf) if b"/Type" in part]
    return ACTIONS.findall(b"\n".join([_STREAM.sub(b"", pdf), *packed]))


def words_in(pdf: bytes) -> str:
    """All that it says, in the order in which it is drawn, without white space."""
    streams = list(_streams(pdf))
    glyphs: dict[int, str] = {}
    for part in streams:
        if b"begincmap" in part:
            glyphs |= _glyphs(part)
    drawn = (shown for part in streams if b"BT" in part for shown in _SHOWN.finditer(part))
    text = "".join(glyphs.get(one, "") for shown in drawn for one in _numbers(shown[0]))
    return "".join(text.split())


def _streams(pdf: bytes) -> list[bytes]:
    parts = []
    for part in _STREAM.findall(pdf):
        with contextlib.suppress(zlib.error):
            parts.append(zlib.decompress(part))
    return parts


def _glyphs(table: bytes) -> dict[int, str]:
    pairs = re.findall(rb"^<([0-9A-F]{4})> <([0-9A-F]+)>$", table, re.MULTILINE)
    return {int(one, 16): bytes.fromhex(to.decode()).decode("utf-16-be") for one, to in pairs}


def _numbers(shown: bytes) -> list[int]:
    """Two bytes each."""
    data = b""
    for literal, digits in _STRING.findall(shown):
        data += bytes.fromhex(digits.decode()) if digits else _ESCAPE.sub(_escaped, literal)
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


def _escaped(found: "re.Match[bytes]") -> bytes:
    if found[1][:1] in b"01234567":
        return bytes([int(found[1], 8)])
    return _PLAIN.get(found[1], found[1])
