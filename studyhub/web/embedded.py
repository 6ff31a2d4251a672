"""Data for a page's own script, inside the page."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# What may not stand literally inside a script element.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def embedded_json(name: str, text: str) -> SafeString:
    """``text`` is JSON; the script finds it by ``name``."""
    safe = mark_safe(text.translate(_ESCAPES))
    return format_html('<script type="application/json" id="{}">{}</script>', name, safe)
