"""Secrets as they are read aloud, written down or scanned from a screen."""

import segno
from django.utils.safestring import SafeString, mark_safe


def in_fours(text: str) -> list[str]:
    return [text[start : start + 4] for start in range(0, len(text), 4)]


def qr_picture(address: str) -> SafeString:
    """A QR code for the page itself, dark on white whatever the page's ground."""
    return mark_safe(segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff"))
