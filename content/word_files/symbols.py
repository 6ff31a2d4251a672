"""Signs that a file names by a font and a number."""

from mammoth.docx.dingbats import dingbats

UNKNOWN = "□"
_PRIVATE = 0xF000


def symbol(font: str, char: str) -> str:
    """The sign in Unicode; a box where nobody knows what the font draws."""
    try:
        code = int(char, 16)
    except ValueError:
        return UNKNOWN
    known = dingbats.get((font, code)) or dingbats.get((font, code - _PRIVATE))
    if known:
        return chr(known)
    return chr(code) if 0x20 < code < 0xD800 else UNKNOWN
