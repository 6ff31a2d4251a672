"""QR codes as vector pictures, with as much repair as a crumpled print needs.

The library is imported with the first code that is drawn.
"""

from io import BytesIO

from django.utils.safestring import SafeString, mark_safe

REPAIR = "m"  # 15 %
QUIET = 4  # modules of white around it


def qr_picture(address: str) -> SafeString:
    """For the page itself, dark on white whatever the page's ground."""
    import segno

    code = segno.make(address, error=REPAIR)
    return mark_safe(code.svg_inline(scale=5, border=QUIET, light="#fff"))


def qr_file(address: str, *, quiet: int = QUIET) -> bytes:
    """An SVG file; without ``quiet`` where white is around it anyway."""
    import segno

    buffer = BytesIO()
    segno.make(address, error=REPAIR).save(buffer, kind="svg", border=quiet, xmldecl=False)
    return buffer.getvalue()


def qr_modules(address: str) -> list[list[bool]]:
    """Row by row which squares are dark, without the white around."""
    import segno

    return [[bool(module) for module in row] for row in segno.make(address, error=REPAIR).matrix]
